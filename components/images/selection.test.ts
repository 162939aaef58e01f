import { expect, test } from 'vitest'
import {
  keepOnly,
  move,
  NOTHING,
  type Selection,
  selectAll,
  selectOne,
  selectRange,
  toggle,
} from './selection.ts'

// Four columns: a b c d / e f g h / i j. As positions with gaps between them, as a filter leaves them.
const LETTERS = [...'abcdefghij']
const at = (letter: string) => (LETTERS.indexOf(letter) + 1) * 7
const ORDER = Int32Array.from(LETTERS, at)
const COLUMNS = 4

const letter = (position: number | null) => LETTERS[(position ?? 0) / 7 - 1]
const chosen = ({ positions }: Selection) => [...positions].map(letter).join('')

const step = (from: string, direction: Parameters<typeof move>[1]) =>
  letter(move(selectOne(at(from)), direction, ORDER, COLUMNS, false).active)

test('arrows go over the grid and stop at its edges', () => {
  expect(step('b', 'right')).toBe('c')
  expect(step('d', 'right')).toBe('e')
  expect(step('a', 'left')).toBe('a')
  expect(step('f', 'up')).toBe('b')
  expect(step('b', 'up')).toBe('b')
  expect(step('b', 'down')).toBe('f')
  expect(step('j', 'right')).toBe('j')
  expect(step('f', 'first')).toBe('a')
  expect(step('b', 'last')).toBe('j')
})

test('down from above a short last row comes to its end, and stays once there', () => {
  expect(step('h', 'down')).toBe('j')
  expect(step('i', 'down')).toBe('i')
})

test('the first press of an arrow chooses the first image', () => {
  expect(letter(move(NOTHING, 'down', ORDER, COLUMNS, false).active)).toBe('a')
})

test('Shift grows the range from where it began and shrinks it on the way back', () => {
  const grown = move(move(selectOne(at('b')), 'down', ORDER, COLUMNS, true), 'right', ORDER, COLUMNS, true)
  expect(chosen(grown)).toBe('bcdefg')
  expect(chosen(move(grown, 'up', ORDER, COLUMNS, true))).toBe('bc')
})

test('a range whose beginning has gone is the image that was clicked', () => {
  expect(selectRange(selectOne(1), at('c'), ORDER)).toEqual(selectOne(at('c')))
})

test('a toggled image joins and leaves', () => {
  const both = toggle(selectOne(at('a')), at('c'))
  expect(chosen(both)).toBe('ac')
  expect(chosen(toggle(both, at('a')))).toBe('c')
})

test('all is all that is listed, and what is deleted leaves the selection', () => {
  const all = selectAll(ORDER, at('c'))
  expect(chosen(all)).toBe(LETTERS.join(''))
  const left = keepOnly(all, Int32Array.of(at('a'), at('b')))
  expect(chosen(left)).toBe('ab')
  expect(left.active).toBeNull()
  expect(letter(left.anchor)).toBe('a')
})
