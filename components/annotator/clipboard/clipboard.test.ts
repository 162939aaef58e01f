import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OtherImage } from '../actions/action.ts'
import { pasteInto } from '../actions/clipboard-actions.ts'
import { runAction } from '../actions/registry.ts'
import { docFrom, toDocument } from '../document/doc.ts'
import { contextOf, memoryClipboard } from '../testing/context.ts'
import { countingIds, Driver } from '../testing/driver.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { clip, paste, readClipping } from './clipping.ts'

const dog = anExpression({ text: 'dog' })
const grey = anExpression({ text: 'the grey one', kind: 'phrase' })
const small = aBox([dog], { x: 10, y: 10, width: 50, height: 50 })
const both = aBox([dog, grey], { x: 200, y: 100, width: 100, height: 80, attributes: { blurred: true } })
const document = { expressions: [dog, grey], boxes: [small, both] }

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('copied boxes', () => {
  it('go to another image of the same size at the same place, with expressions and attributes', () => {
    const [here, there] = [new Driver(document), new Driver()]
    const clipboard = memoryClipboard()
    here.editor.select([both.id, small.id])
    runAction('copy', contextOf(here, { clipboard }))
    runAction('paste', contextOf(there, { clipboard }))
    expect(there.boxes).toEqual([
      [10, 10, 50, 50, 'dog'],
      [200, 100, 100, 80, 'dog', 'the grey one'],
    ])
    expect(toDocument(there.editor.getState().doc).boxes[1]?.attributes).toEqual({ blurred: true })
    expect(there.selection).toHaveLength(2)
    there.editor.undo()
    expect([there.boxes, there.expressions]).toEqual([[], []])
  })

  it('keep their share of an image of another size', () => {
    const there = new Driver(undefined, { image: { width: 500, height: 1600 } })
    const clipping = clip(docFrom(document, { width: 1000, height: 800 }), [both.id])
    pasteInto(there.editor, clipping)
    expect(there.boxes[0]?.slice(0, 4)).toEqual([100, 200, 50, 160])
  })

  it('step aside from what lies there already, further with every paste', () => {
    const driver = new Driver(document)
    const clipping = clip(driver.editor.getState().doc, [small.id])
    pasteInto(driver.editor, clipping)
    pasteInto(driver.editor, clipping)
    expect(driver.boxes.slice(2).map(([x, y]) => [x, y])).toEqual([
      [20, 20],
      [30, 30],
    ])
  })

  it('are gone after cutting, in one step', () => {
    const driver = new Driver(document)
    const clipboard = memoryClipboard()
    driver.editor.select([small.id])
    runAction('cut', contextOf(driver, { clipboard }))
    expect([driver.boxes.length, clipboard.kept()?.boxes.length]).toEqual([1, 1])
    driver.editor.undo()
    expect(driver.boxes).toHaveLength(2)
  })

  it('say so when there are none', () => {
    const driver = new Driver(document)
    runAction('paste', contextOf(driver))
    expect(driver.editor.getState().notice).toEqual({ code: 'nothingToPaste' })
  })

  it('survive the way through text, and nothing else is taken for them', () => {
    const clipping = clip(docFrom(document, { width: 1000, height: 800 }), [small.id, both.id])
    expect(readClipping(JSON.stringify(clipping))).toEqual(clipping)
    for (const text of ['', 'refbox/boxes', '{"type":"refbox/boxes"}', '[1, 2]']) {
      expect(readClipping(text)).toBeNull()
    }
    const tagged = JSON.stringify(clipping).replaceAll('the grey one', '<ref>')
    expect(readClipping(tagged)).toBeNull()
  })

  it('always lie inside the image and survive rounding', () => {
    const side = fc.integer({ min: 1, max: 4000 })
    fc.assert(
      fc.property(
        side,
        side,
        fc.constantFrom('shift' as const, 'skip' as const),
        (width, height, onTaken) => {
          const image = { width, height }
          const clipping = clip(docFrom(document, { width: 1000, height: 800 }), [small.id, both.id])
          const pasted =
            clipping &&
            paste(docFrom({ expressions: [], boxes: [] }, image), clipping, onTaken, countingIds())
          const boxes =
            pasted?.changes.flatMap((change) => (change.type === 'box' && change.after) || []) ?? []
          expect(boxes.length + (pasted?.refused ?? 0)).toBe(2)
          for (const box of boxes) {
            expect(box.x + box.width).toBeLessThanOrEqual(width + 0.01)
            expect(box.y + box.height).toBeLessThanOrEqual(height + 0.01)
          }
        },
      ),
    )
  })
})

describe('the boxes of the previous image', () => {
  const other: OtherImage = { image: { width: 1000, height: 800 }, document }

  it('are copied once: pressing the key again adds nothing', async () => {
    const driver = new Driver()
    const context = contextOf(driver, { previousImage: async () => other })
    runAction('copyPrevious', context)
    await settled()
    expect(driver.boxes).toHaveLength(2)
    runAction('copyPrevious', context)
    await settled()
    expect(driver.boxes).toHaveLength(2)
    expect(driver.editor.getState().notice).toMatchObject({ code: 'copiedFromPrevious', count: 0 })
  })

  it.each([
    ['nothingOnPrevious', async () => ({ ...other, document: { expressions: [], boxes: [] } })],
    ['previousUnavailable', () => Promise.reject(new Error('no network'))],
  ])('are missed with a reason: %s', async (code, previousImage: () => Promise<OtherImage>) => {
    const driver = new Driver()
    runAction('copyPrevious', contextOf(driver, { previousImage }))
    await settled()
    expect(driver.editor.getState().notice).toEqual({ code })
  })
})
