import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { aBox, anExpression } from '../../prisma/seed/annotations.ts'
import type { AnnotationDocument } from '../contracts/annotation.ts'
import { type DocumentPair, measureAgreement } from './agreement.ts'

type Place = readonly [x: number, y: number, width: number, height: number]

/** A document with these boxes under each text. */
function documentOf(texts: Record<string, readonly Place[]>): AnnotationDocument {
  const named = Object.entries(texts).map(([text, places]) => ({
    expression: anExpression({ text }),
    places,
  }))
  return {
    expressions: named.map(({ expression }) => expression),
    boxes: named.flatMap(({ expression, places }) =>
      places.map(([x, y, width, height]) => aBox([expression], { x, y, width, height })),
    ),
  }
}

const VALVE: Place = [10, 10, 100, 100]
const PUMP: Place = [400, 300, 50, 80]

const place = fc.tuple(
  fc.integer({ min: 0, max: 500 }),
  fc.integer({ min: 0, max: 500 }),
  fc.integer({ min: 5, max: 200 }),
  fc.integer({ min: 5, max: 200 }),
)
const places = fc.array(place, { maxLength: 5 })
const documents = fc.record({ valve: places, pump: places }).map(documentOf)
const pairs: fc.Arbitrary<DocumentPair[]> = fc.array(fc.record({ first: documents, second: documents }), {
  maxLength: 4,
})

describe('two people who drew the same', () => {
  it('agree in full, with an IoU of 1', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { total } = measureAgreement([{ first: document, second: document }])
        expect(total.agreement).toBe(1)
        expect(total.pairs).toBe(document.boxes.length)
        if (total.pairs > 0) expect(total.meanIou).toBeCloseTo(1)
      }),
    )
  })
})

test('it is the same whoever is named first', () => {
  fc.assert(
    fc.property(pairs, (given) => {
      const there = measureAgreement(given)
      const back = measureAgreement(given.map(({ first, second }) => ({ first: second, second: first })))
      expect(back.total.agreement).toBeCloseTo(there.total.agreement)
      expect(back.total.first).toBe(there.total.second)
      expect(back.images).toEqual(there.images)
    }),
  )
})

test('no box is paired twice', () => {
  fc.assert(
    fc.property(pairs, (given) => {
      const { labels, confusions, total } = measureAgreement(given)
      for (const { first, second, pairs: found } of labels)
        expect(found).toBeLessThanOrEqual(Math.min(first, second))
      const confused = confusions.reduce((sum, confusion) => sum + confusion.pairs, 0)
      expect(total.pairs + confused).toBeLessThanOrEqual(Math.min(total.first, total.second))
    }),
  )
})

test('a box that one of them left out halves nothing but its own label', () => {
  const first = documentOf({ valve: [VALVE], pump: [PUMP] })
  const second = documentOf({ valve: [VALVE] })
  const { labels, total } = measureAgreement([{ first, second }])
  expect(labels).toEqual([
    { text: 'valve', first: 1, second: 1, pairs: 1, agreement: 1, meanIou: 1 },
    { text: 'pump', first: 1, second: 0, pairs: 0, agreement: 0, meanIou: null },
  ])
  expect(total.agreement).toBeCloseTo(2 / 3)
})

test('the same place under another word is told as a confusion, not as agreement', () => {
  const first = documentOf({ valve: [VALVE, PUMP] })
  const second = documentOf({ valve: [VALVE], tap: [PUMP] })
  const { confusions, total } = measureAgreement([{ first, second }])
  expect(confusions).toEqual([{ first: 'valve', second: 'tap', pairs: 1 }])
  expect(total.agreement).toBeCloseTo(0.5)
})

test('words that differ in case and spaces are one expression', () => {
  const { labels } = measureAgreement([
    { first: documentOf({ Valve: [VALVE] }), second: documentOf({ 'valve ': [VALVE] }) },
  ])
  expect(labels).toMatchObject([{ text: 'Valve', agreement: 1 }])
})

test('boxes that overlap by less than half are two things', () => {
  const shifted: Place = [60, 10, 100, 100]
  const pair = { first: documentOf({ valve: [VALVE] }), second: documentOf({ valve: [shifted] }) }
  expect(measureAgreement([pair]).total).toMatchObject({ pairs: 0, agreement: 0 })
  expect(measureAgreement([pair], 0.3).total).toMatchObject({ pairs: 1, agreement: 1 })
})

test('each image has its own number, and none where nobody drew anything', () => {
  const drawn = { first: documentOf({ valve: [VALVE] }), second: documentOf({ valve: [VALVE, PUMP] }) }
  const empty = { first: documentOf({ valve: [] }), second: documentOf({ valve: [] }) }
  expect(measureAgreement([drawn, empty]).images).toEqual([2 / 3, null])
})
