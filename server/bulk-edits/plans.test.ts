import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aBox, anExpression } from '../../prisma/seed/annotations.ts'
import { sameRecord } from '../annotations/records.ts'
import type { AnnotationChange, AnnotationDocument, Box, Expression } from '../contracts/annotation.ts'
import { byPosition } from '../grounding/document.ts'
import { planEdit } from './plan.ts'
import { planDelete } from './plan-delete.ts'
import { planRetext } from './plan-retext.ts'
import { planUndo } from './plan-undo.ts'

const cat = anExpression({ id: 'e_cat', text: 'cat' })
const feline = anExpression({ id: 'e_feline', text: 'feline' })
const toFeline = (document: AnnotationDocument) =>
  planRetext(document, ({ text }) => (text === 'cat' ? { text: 'feline', kind: 'class' } : null))

function applied(document: AnnotationDocument, changes: readonly AnnotationChange[]): AnnotationDocument {
  const expressions = new Map(document.expressions.map((record) => [record.id, record]))
  const boxes = new Map(document.boxes.map((record) => [record.id, record]))
  for (const { type, id, before, after } of changes) {
    const records = (type === 'box' ? boxes : expressions) as Map<string, Box | Expression>
    // A plan speaks of the document as it is, or it could never be saved.
    if (!sameRecord(records.get(id) ?? null, before)) throw new Error(`${id} is not what the plan says.`)
    if (after) records.set(id, after)
    else records.delete(id)
  }
  return { expressions: [...expressions.values()], boxes: [...boxes.values()] }
}

const boxesOf = (document: AnnotationDocument, text: string) => {
  const expression = document.expressions.find((known) => known.text === text)
  return document.boxes.filter((box) => expression && box.expressionIds.includes(expression.id))
}

describe('giving a class another name on an image', () => {
  it('renames the expression and leaves its boxes alone where the new name is free', () => {
    const document = { expressions: [cat], boxes: [aBox([cat])] }
    expect(toFeline(document)).toEqual({
      changes: [{ type: 'expression', id: cat.id, before: cat, after: { ...cat, text: 'feline' } }],
      merged: [],
      collapsed: 0,
    })
  })

  it('puts the boxes of both under the one that had the name', () => {
    const document = { expressions: [cat, feline], boxes: [aBox([cat]), aBox([feline], { x: 500 })] }
    const plan = toFeline(document)
    const after = applied(document, plan.changes)
    expect(plan.merged).toEqual([{ id: cat.id, into: feline.id }])
    expect(after.expressions).toEqual([feline])
    expect(boxesOf(after, 'feline')).toHaveLength(2)
  })

  it('lets a box that answered both answer once, and makes one of two on the same place', () => {
    const both = aBox([cat, feline], { x: 300 })
    const [one, twin] = [aBox([cat], { attributes: { colour: 'red' } }), aBox([feline])]
    const plan = toFeline({ expressions: [cat, feline], boxes: [both, one, twin] })
    const after = applied({ expressions: [cat, feline], boxes: [both, one, twin] }, plan.changes)
    expect(plan.collapsed).toBe(1)
    expect(after.boxes).toEqual([
      { ...both, expressionIds: [feline.id] },
      { ...one, expressionIds: [feline.id] },
    ])
  })

  it('keeps two boxes on the same place whose attributes contradict one another', () => {
    const boxes = [
      aBox([cat], { attributes: { colour: 'red' } }),
      aBox([feline], { attributes: { colour: 'blue' } }),
    ]
    const plan = toFeline({ expressions: [cat, feline], boxes })
    expect(plan.collapsed).toBe(0)
    expect(applied({ expressions: [cat, feline], boxes }, plan.changes).boxes).toHaveLength(2)
  })

  it.each([
    ['cat', feline],
    ['feline', cat],
  ])('takes a negative back by the boxes of the other: boxes of %s', (text, negative) => {
    const positive = text === 'cat' ? cat : feline
    const document = { expressions: [cat, feline], boxes: [aBox([positive])] }
    const after = applied(document, toFeline(document).changes)
    expect(after.expressions.map((expression) => expression.text)).toEqual(['feline'])
    expect(after.expressions[0]?.id).not.toBe(negative.id)
    expect(boxesOf(after, 'feline')).toHaveLength(1)
  })

  it('makes a class of a phrase that has the name', () => {
    const phrase = anExpression({ kind: 'phrase', text: 'feline' })
    const document = { expressions: [cat, phrase], boxes: [aBox([cat]), aBox([phrase], { x: 400 })] }
    const after = applied(document, toFeline(document).changes)
    expect(after.expressions).toEqual([{ ...phrase, kind: 'class' }])
  })
})

it('deletes a class with its boxes, and leaves to shared boxes what else they answer', () => {
  const [own, shared] = [aBox([cat]), aBox([cat, feline], { x: 400 })]
  const document = { expressions: [cat, feline], boxes: [own, shared] }
  const after = applied(document, planDelete(document, ({ text }) => text === 'cat').changes)
  expect(after).toEqual({ expressions: [feline], boxes: [{ ...shared, expressionIds: [feline.id] }] })
})

describe('taking it back', () => {
  const document = { expressions: [cat, feline], boxes: [aBox([cat]), aBox([feline], { x: 500 })] }
  const plan = toFeline(document)
  const after = applied(document, plan.changes)

  it('leaves a box at the place where somebody has put it since', () => {
    const moved = { ...after, boxes: after.boxes.map((box) => (box.x === 10 ? { ...box, x: 77 } : box)) }
    const changes = planUndo(moved, plan.changes)
    const back = applied(moved, changes ?? [])
    expect(boxesOf(back, 'cat').map((box) => box.x)).toEqual([77])
    expect(boxesOf(back, 'feline').map((box) => box.x)).toEqual([500])
  })

  it('leaves the whole image alone when the same thing was changed on it since', () => {
    const [first] = after.expressions as [Expression]
    const renamed = planEdit(
      { expressions: [cat], boxes: [aBox([cat])] },
      {
        ...{ kind: 'rename-label', labelId: 'l' as never, from: 'cat', to: 'feline', spokeOf: [] },
      },
    )
    const since = { expressions: [{ ...cat, text: 'tiger' }], boxes: [] }
    expect(planUndo(since, renamed.changes)).toBeNull()
    expect(first.text).toBe('feline')
  })

  it('brings no expression back as a negative because its boxes were deleted since', () => {
    const deleted = { ...after, boxes: after.boxes.filter((box) => box.x === 500) }
    expect(planUndo(deleted, plan.changes)).toEqual([])
  })
})

const attribute = fc.dictionary(
  fc.constantFrom('colour', 'size'),
  fc.oneof(fc.constantFrom('red', 'blue'), fc.boolean()),
)
const documents = fc
  .record({
    texts: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 }),
    kinds: fc.array(fc.constantFrom('class' as const, 'phrase' as const), { minLength: 5, maxLength: 5 }),
    boxes: fc.array(
      fc.record({
        x: fc.constantFrom(0, 50, 300),
        answers: fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }),
        attributes: attribute,
      }),
      { maxLength: 8 },
    ),
  })
  .map(({ texts, kinds, boxes }): AnnotationDocument => {
    const expressions = texts.map((text, place) =>
      anExpression({ id: `e_${text}`, text, kind: kinds[place] ?? 'class' }),
    )
    return {
      expressions,
      boxes: boxes.map(({ answers, ...given }) =>
        aBox([...new Set(answers.map((at) => expressions[at % expressions.length] as Expression))], given),
      ),
    }
  })
const targets = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  fc.constantFrom('a', 'b', 'c', 'f', 'g'),
)
const inOrder = ({ expressions, boxes }: AnnotationDocument) => ({
  expressions: expressions.toSorted(byPosition),
  boxes: boxes.toSorted(byPosition).map((box) => ({ ...box, expressionIds: box.expressionIds.toSorted() })),
})

describe('any document and any renaming', () => {
  it('comes back exactly when it is undone', () => {
    fc.assert(
      fc.property(documents, targets, (document, names) => {
        const plan = planRetext(document, ({ text }) => {
          const to = names[text]
          return to === undefined ? null : { text: to }
        })
        const after = applied(document, plan.changes)
        const back = applied(after, planUndo(after, plan.changes) ?? [])
        expect(inOrder(back)).toEqual(inOrder(document))
      }),
      { numRuns: 500 },
    )
  })

  it('has every text once, no box without an expression, and boxes wherever there were some', () => {
    fc.assert(
      fc.property(documents, targets, (document, names) => {
        const to = (text: string) => names[text] ?? text
        const plan = planRetext(document, ({ text }) => ({ text: to(text) }))
        const after = applied(document, plan.changes)
        const texts = after.expressions.map((expression) => expression.text)
        expect(new Set(texts).size).toBe(texts.length)
        const ids = new Set(after.expressions.map((expression) => expression.id))
        expect(after.boxes.every((box) => box.expressionIds.every((id) => ids.has(id)))).toBe(true)
        for (const { text } of document.expressions) {
          const had = boxesOf(document, text).map((box) => box.x)
          const has = boxesOf(after, to(text)).map((box) => box.x)
          expect(had.every((x) => has.includes(x))).toBe(true)
        }
        expect(after.boxes).toHaveLength(document.boxes.length - plan.collapsed)
      }),
      { numRuns: 500 },
    )
  })

  it('comes back exactly when a deletion or a change of attributes is undone', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('a', 'b', 'c'), (document, text) => {
        const plans = [
          planDelete(document, (expression) => expression.text === text),
          planEdit(document, { kind: 'rename-attribute', id: 'a' as never, from: 'colour', to: 'size' }),
          planEdit(document, {
            ...{ kind: 'rename-options', id: 'a' as never, name: 'colour' },
            options: [{ from: 'red', to: 'crimson' }],
          }),
        ]
        for (const plan of plans) {
          const after = applied(document, plan.changes)
          expect(inOrder(applied(after, planUndo(after, plan.changes) ?? []))).toEqual(inOrder(document))
        }
      }),
      { numRuns: 200 },
    )
  })
})
