import { expect, test } from 'vitest'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { listSelection } from './list-selection.ts'

const order = ['a', 'b', 'c', 'd'] as BoxId[]
const [a, b, c, d] = order as [BoxId, BoxId, BoxId, BoxId]

test('a press selects one line, and with Ctrl adds it or takes it out', () => {
  expect(listSelection(order, [a, b], c, 'only')).toEqual([c])
  expect(listSelection(order, [a], c, 'toggle')).toEqual([a, c])
  expect(listSelection(order, [a, c], a, 'toggle')).toEqual([c])
})

test('a range goes from the first selected line, in both directions, and ends where it was pressed', () => {
  expect(listSelection(order, [b], d, 'range')).toEqual([b, c, d])
  expect(listSelection(order, [c, d], a, 'range')).toEqual([c, b, a])
  expect(listSelection(order, [], b, 'range')).toEqual([b])
})
