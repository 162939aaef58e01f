import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countingIds } from '../testing/driver.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { applyChanges, type Change, invertChanges, sameRecord, squashChanges } from './change.ts'
import { docFrom, toDocument } from './doc.ts'
import {
  deleteBoxes,
  deleteExpression,
  type Entry,
  relabelBoxes,
  renameExpression,
  setExpressionKind,
  toggleAnswer,
  toggleNegative,
} from './edit.ts'

const image = { width: 1000, height: 800 }
const [dog, cat, none] = [
  anExpression({ text: 'dog' }),
  anExpression({ text: 'cat' }),
  anExpression({ text: 'not here', kind: 'phrase' }),
]
const [one, two, shared] = [aBox([dog]), aBox([dog]), aBox([dog, cat])]
const doc = docFrom({ expressions: [dog, cat, none], boxes: [one, two, shared] }, image)
const entry = ({ kind, text }: Entry): Entry => ({ kind, text })
const texts = (changes: readonly Change[] | null) =>
  toDocument(applyChanges(doc, changes ?? [])).expressions.map((expression) => expression.text)

describe('edits', () => {
  it('take an expression with its last box: left alone it would mean “not in this image”', () => {
    expect(texts(deleteBoxes(doc, [shared.id]))).toEqual(['dog', 'not here'])
    expect(texts(deleteBoxes(doc, [one.id, two.id]))).toEqual(['dog', 'cat', 'not here'])
  })

  it('leave stated negatives alone', () => {
    expect(texts(deleteBoxes(doc, [one.id, two.id, shared.id]))).toEqual(['not here'])
  })

  it('relabel to a new expression and drop the old one when nothing answers it any more', () => {
    const changes = relabelBoxes(doc, [shared.id], { kind: 'class', text: 'fox' }, countingIds())
    expect(texts(changes)).toEqual(['dog', 'not here', 'fox'])
    expect(relabelBoxes(doc, [one.id], entry(dog), countingIds())).toEqual([])
  })

  it('let a box answer several expressions, and never none', () => {
    const toggled = (ids: (typeof one.id)[], to: Entry) =>
      toDocument(applyChanges(doc, toggleAnswer(doc, ids, to, countingIds()))).boxes.map(
        (box) => box.expressionIds.length,
      )
    expect(toggled([one.id], entry(cat))).toEqual([2, 1, 2])
    expect(toggled([shared.id], entry(cat))).toEqual([1, 1, 1])
    expect(toggled([one.id], entry(dog))).toEqual([1, 1, 2])
  })

  it('state a negative and take it back, but not for what has boxes', () => {
    expect(texts(toggleNegative(doc, { kind: 'phrase', text: 'a whale' }, countingIds()))).toContain(
      'a whale',
    )
    expect(texts(toggleNegative(doc, entry(none), countingIds()))).toEqual(['dog', 'cat'])
    expect(toggleNegative(doc, entry(dog), countingIds())).toBeNull()
  })

  it('refuse a name that another expression of the image has', () => {
    expect(renameExpression(doc, dog.id, 'cat')).toBeNull()
    expect(texts(renameExpression(doc, dog.id, 'puppy'))).toEqual(['puppy', 'cat', 'not here'])
    expect(setExpressionKind(doc, dog.id, 'class')).toEqual([])
  })

  it('delete an expression with the boxes that answer nothing else', () => {
    const after = toDocument(applyChanges(doc, deleteExpression(doc, dog.id)))
    expect(after.expressions).toEqual([cat, none])
    expect(after.boxes).toEqual([{ ...shared, expressionIds: [cat.id] }])
  })
})

describe('changes', () => {
  const pool = [one, two, shared, aBox([dog]), aBox([cat])]
  /** Changes as a session makes them: each starts from what the one before left. */
  const session = fc
    .array(fc.record({ pick: fc.nat({ max: pool.length - 1 }), x: fc.option(fc.nat({ max: 500 })) }), {
      maxLength: 20,
    })
    .map((moves) => {
      let now = doc
      return moves.map(({ pick, x }) => {
        const box = pool[pick] ?? one
        const before = now.boxes.get(box.id) ?? null
        const change: Change = { type: 'box', id: box.id, before, after: x === null ? null : { ...box, x } }
        now = applyChanges(now, [change])
        return change
      })
    })

  it('are undone by their inverse', () => {
    fc.assert(
      fc.property(session, (changes) => {
        const there = applyChanges(doc, changes)
        expect(toDocument(applyChanges(there, invertChanges(changes)))).toEqual(toDocument(doc))
        expect(invertChanges(invertChanges(changes))).toEqual(changes)
      }),
    )
  })

  it('have the same effect when squashed to one per record', () => {
    fc.assert(
      fc.property(session, (changes) => {
        const squashed = squashChanges(changes)
        expect(new Set(squashed.map((change) => change.id)).size).toBe(squashed.length)
        expect(toDocument(applyChanges(doc, squashed))).toEqual(toDocument(applyChanges(doc, changes)))
      }),
    )
  })

  it('compare records as the server does', () => {
    const box = { ...shared, attributes: { a: 1, b: 2 } }
    const shuffled = {
      ...shared,
      expressionIds: shared.expressionIds.toReversed(),
      attributes: { b: 2, a: 1 },
    }
    expect(sameRecord(box, shuffled)).toBe(true)
    expect(sameRecord(box, { ...box, x: box.x + 1e-9 })).toBe(false)
    expect(sameRecord(box, null)).toBe(false)
  })
})
