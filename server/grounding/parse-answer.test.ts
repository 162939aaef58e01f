import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpressionText } from '../contracts/annotation.ts'
import type { NormalisedBox } from '../contracts/prediction.ts'
import { boxListText } from './conversation.ts'
import { isUnreadable, parseAnswer } from './parse-answer.ts'

const cases: {
  name: string
  text: string
  groups: { label: string | null; boxes: NormalisedBox[] }[]
  problems: string[]
  strict: boolean
}[] = JSON.parse(readFileSync('trainer/contracts/examples/answers.json', 'utf8'))

const edges = fc
  .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 2 })
  .map((pair) => pair.toSorted((a, b) => a - b) as [number, number])
const box = fc.tuple(edges, edges).map(([[x1, x2], [y1, y2]]): NormalisedBox => [x1, y1, x2, y2])
const label = fc
  .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
  .filter((text) => ExpressionText.safeParse(text).success)
  .map((text) => ExpressionText.parse(text))

describe('parseAnswer', () => {
  it.each(cases)('reads $name', ({ text, groups, problems, strict }) => {
    const answer = parseAnswer(text)
    expect({
      groups: answer.groups,
      problems: answer.problems.map((problem) => problem.code),
      strict: answer.strict,
    }).toEqual({ groups, problems, strict })
    expect(answer.boxes).toEqual(groups.flatMap((group) => group.boxes))
  })

  it('reads back every answer that export can write', () => {
    const line = fc.record({ label, boxes: fc.array(box, { minLength: 1, maxLength: 4 }) })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const text = lines.map((l) => `<ref>${l.label}</ref><box>${boxListText(l.boxes)}</box>`).join('\n')
        const answer = parseAnswer(text)
        expect(answer.groups).toEqual(lines)
        expect(answer.strict).toBe(true)
      }),
    )
  })

  it('never returns a box outside 0..1000 or without area, whatever the text', () => {
    const piece = fc.constantFrom(
      '<ref>',
      '</ref>',
      '<box>',
      '</box>',
      '[',
      ']',
      ',',
      ' ',
      '7',
      '12',
      '1e3',
      '.',
      '-',
      'a',
      '\n',
      '"bbox_2d":',
      '{',
      '}',
      '"label":"x"',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const [x1, y1, x2, y2] of parseAnswer(pieces.join('')).boxes) {
          expect(0 <= x1 && x1 < x2 && x2 <= 1000 && 0 <= y1 && y1 < y2 && y2 <= 1000).toBe(true)
        }
      }),
    )
  })

  it.each([
    ['<'],
    ['<  '],
    ['['],
    ['[ 1, '],
    ['[['],
    ['"label": "'],
    ['<ref>'],
    ['</box>'],
    [' \n'],
    ['1,'],
    ['dog[[1, 2, 3, 4]]'],
    ['"bbox_2d": [1,2'],
  ])('takes time linear in a long run of %j', (piece) => {
    const time = (length: number) => {
      const text = piece.repeat(Math.ceil(length / piece.length))
      const begin = performance.now()
      parseAnswer(text)
      return performance.now() - begin
    }
    time(20_000)
    // Quadratic time would be 100 × here and minutes on the long one; the bound leaves room for a busy machine.
    expect(time(400_000)).toBeLessThan(2_000)
  })

  it('tells an answer that meant to give boxes from one that says there are none', () => {
    expect(isUnreadable(parseAnswer('<ref>dog</ref><box>[[1, 2, 3'))).toBe(true)
    expect(isUnreadable(parseAnswer('There is no <ref>dog</ref> in this image.'))).toBe(false)
  })
})
