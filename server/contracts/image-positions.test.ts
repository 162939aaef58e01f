import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countOf, PositionRanges, placeOf, readPositions, writePositions } from './image-positions.ts'

const ascending = fc
  .uniqueArray(fc.integer({ min: 0, max: 5_000 }), { maxLength: 400 })
  .map((list) => list.sort((a, b) => a - b))

test('positions survive being written and read, and are counted without being spread out', () => {
  fc.assert(
    fc.property(ascending, (positions) => {
      const text = writePositions(positions)
      expect([...readPositions(text)]).toEqual(positions)
      expect(countOf(text)).toBe(positions.length)
      expect(PositionRanges.safeParse(text).success).toBe(true)
    }),
  )
})

test('neighbours become one range', () => {
  expect(writePositions([1, 2, 3, 5, 7, 8])).toBe('1-3,5,7-8')
  expect(writePositions([])).toBe('')
})

test('a place is where a position stands or would stand', () => {
  fc.assert(
    fc.property(ascending, fc.integer({ min: 0, max: 5_000 }), (positions, position) => {
      expect(placeOf(positions, position)).toBe(positions.filter((other) => other < position).length)
    }),
  )
})

test.each(['1-', '-1', 'a', '3,2', '1-3,3', '5-2', '1,,2', ' 1', '1-99999999999', '0-999999999'])(
  'what nobody could have is refused: %s',
  (text) => {
    expect(PositionRanges.safeParse(text).success).toBe(false)
  },
)
