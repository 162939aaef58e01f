import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { convert } from './convert.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'refbox-round-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const axis = fc
  .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 1000 }))
  .map(([start, length]): [number, number] => [start, Math.min(1000, start + length)])
const box = fc.tuple(axis, axis).map(([[x1, x2], [y1, y2]]) => [x1, y1, x2, y2])
const phrase = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((text) => text.replace(/[<>\p{Cc}\u2028\u2029]/gu, '').trim())
  .filter((text) => text !== '')
const record = fc.record({
  width: fc.integer({ min: 1, max: 20_000 }),
  height: fc.integer({ min: 1, max: 20_000 }),
  // An image holds an expression once: two turns with one text are read as one.
  expressions: fc.uniqueArray(fc.tuple(phrase, fc.array(box, { maxLength: 5 })), {
    minLength: 1,
    maxLength: 6,
    selector: ([text]) => text,
  }),
})

function line(
  { width, height, expressions }: { width: number; height: number; expressions: [string, number[][]][] },
  id: number,
) {
  const turns = expressions.flatMap(([text, boxes], at) => {
    const list = boxes.map((corners) => `[${corners.join(', ')}]`).join(', ')
    return [
      {
        from: 'human',
        value: `${at === 0 ? '<image>\n' : ''}Please provide the bounding box coordinate of the region this sentence describes: <ref>${text}</ref>`,
      },
      {
        from: 'gpt',
        value:
          boxes.length === 0
            ? `There is no <ref>${text}</ref> in this image.`
            : `<ref>${text}</ref><box>[${list}]</box>`,
      },
    ]
  })
  return JSON.stringify({ id, image: `images/${id}.png`, width, height, conversations: turns })
}

test('any boxes, sizes and phrases come back as the same text through pixels and COCO', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
      const text = `${records.map(line).join('\n')}\n`
      const input = path.join(folder, 'in.jsonl')
      writeFileSync(input, text)
      const [rendered, coco, back] = ['anew.jsonl', 'coco.json', 'back.jsonl'].map((name) =>
        path.join(folder, name),
      ) as [string, string, string]
      await convert({ from: 'internvl', to: 'internvl', input, output: rendered, style: 'referring' })
      await convert({ from: 'internvl', to: 'coco', input, output: coco })
      await convert({ from: 'coco', to: 'internvl', input: coco, output: back })
      expect(readFileSync(rendered, 'utf8')).toBe(text)
      expect(readFileSync(back, 'utf8')).toBe(text)
    }),
    { numRuns: 25 },
  )
})
