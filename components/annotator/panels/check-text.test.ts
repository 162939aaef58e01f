import { describe, expect, it } from 'vitest'
import { checkText, guessKind } from './check-text.ts'

describe('a typed expression', () => {
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['a <ref>', 'angleBrackets'],
    ['two\nlines', 'controlCharacters'],
    ['x'.repeat(501), 'tooLong'],
  ])('%j is refused as %s', (text, problem) => {
    expect(checkText(text)).toEqual({ ok: false, problem })
  })

  it('is stored without the spaces around it', () => {
    expect(checkText('  the “big” valve ')).toEqual({ ok: true, text: 'the “big” valve' })
  })

  it.each([
    ['valve', 'class'],
    ['fire hydrant', 'class'],
    ['the red one', 'phrase'],
    ['the spoon', 'phrase'],
    ['theatre', 'class'],
    ['阀门', 'class'],
    ['左边的红色阀门', 'phrase'],
  ])('%s is taken for a %s at first', (text, kind) => {
    expect(guessKind(text)).toBe(kind)
  })
})
