import { expect, test } from 'vitest'
import { keepOnly, move, NOTHING, selectAll, selectOne, selectRange, toggle } from './selection.ts'

// Four columns: a b c d / e f g h / i j
const ORDER = [...'abcdefghij']
const COLUMNS = 4

const step = (from: string, direction: Parameters<typeof move>[1]) =>
  move(selectOne(from), direction, ORDER, COLUMNS, false).active

test('arrows go over the grid and stop at its edges', () => {
  expect(step('b', 'right')).toBe('c')
  expect(step('d', 'right')).toBe('e')
  expect(step('a', 'left')).toBe('a')
  expect(step('f', 'up')).toBe('b')
  expect(step('b', 'up')).toBe('b')
  expect(step('b', 'down')).toBe('f')
  expect(step('j', 'right')).toBe('j')
})

test('down from above a short last row comes to its end, and stays once there', () => {
  expect(step('h', 'down')).toBe('j')
  expect(step('i', 'down')).toBe('i')
})

test('the first press of an arrow chooses the first image', () => {
  expect(move(NOTHING, 'down', ORDER, COLUMNS, false).active).toBe('a')
})

test('Shift grows the range from where it began and shrinks it on the way back', () => {
  const grown = move(move(selectOne('b'), 'down', ORDER, COLUMNS, true), 'right', ORDER, COLUMNS, true)
  expect([...grown.ids].join('')).toBe('bcdefg')
  expect([...move(grown, 'up', ORDER, COLUMNS, true).ids].join('')).toBe('bc')
})

test('a range whose beginning has gone is the image that was clicked', () => {
  expect(selectRange(selectOne('gone'), 'c', ORDER)).toEqual(selectOne('c'))
})

test('a toggled image joins and leaves', () => {
  const both = toggle(selectOne('a'), 'c')
  expect([...both.ids]).toEqual(['a', 'c'])
  expect([...toggle(both, 'a').ids]).toEqual(['c'])
})

test('all is all that is listed, and what is deleted leaves the selection', () => {
  const all = selectAll(ORDER, 'c')
  expect(all.ids.size).toBe(10)
  const left = keepOnly(all, ['a', 'b'])
  expect([...left.ids]).toEqual(['a', 'b'])
  expect(left.active).toBeNull()
  expect(left.anchor).toBe('a')
})
