import { expect, test } from 'vitest'
import { type KeyPress, matchesStroke, parseShortcut } from './keys.ts'
import { press } from './testing/press.ts'

function matches(keys: string, event: KeyPress, isMac = false): boolean {
  const [stroke] = parseShortcut(keys)
  return stroke !== undefined && matchesStroke(stroke, event, isMac)
}

test('mod is Ctrl on a PC and Command on a Mac, never the other one', () => {
  const ctrl = press('k', 'KeyK', { ctrlKey: true })
  const command = press('k', 'KeyK', { metaKey: true })
  expect(matches('mod+k', ctrl)).toBe(true)
  expect(matches('mod+k', command)).toBe(false)
  expect(matches('mod+k', command, true)).toBe(true)
  expect(matches('mod+k', ctrl, true)).toBe(false)
})

test('a plain letter does not answer when something is held', () => {
  expect(matches('g', press('g', 'KeyG'))).toBe(true)
  expect(matches('g', press('G', 'KeyG', { shiftKey: true }))).toBe(false)
  expect(matches('g', press('g', 'KeyG', { ctrlKey: true }))).toBe(false)
})

test('a question mark is one wherever the layout puts it', () => {
  expect(matches('?', press('?', 'Slash', { shiftKey: true }))).toBe(true)
  expect(matches('?', press('?', 'KeyM'))).toBe(true)
})

test('shift and a digit is told by the key that is printed', () => {
  expect(matches('shift+0', press(')', 'Digit0', { shiftKey: true }))).toBe(true)
  expect(matches('shift+0', press('0', 'Digit0'))).toBe(false)
})

test('a letter is the one that is typed, and in another script the one that is printed on the key', () => {
  const frenchA = press('a', 'KeyQ')
  expect(matches('a', frenchA)).toBe(true)
  expect(matches('q', frenchA)).toBe(false)
  expect(matches('r', press('к', 'KeyR'))).toBe(true)
  expect(matches('alt+l', press('¬', 'KeyL', { altKey: true }))).toBe(true)
})

test('a sequence is two strokes', () => {
  expect(parseShortcut('g i').map((stroke) => stroke.key)).toEqual(['g', 'i'])
  expect(parseShortcut('mod++')[0]).toMatchObject({ key: '+', mod: true })
})
