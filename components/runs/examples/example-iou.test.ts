import { expect, it } from 'vitest'
import { exampleIou } from './example-iou.ts'

const LEFT = [0, 0, 100, 100] as const
const RIGHT = [500, 0, 600, 100] as const

it('is 1 for the very box, and a third for one moved by half its width', () => {
  expect(exampleIou([LEFT], [LEFT])).toBe(1)
  expect(exampleIou([[50, 0, 150, 100]], [LEFT])).toBeCloseTo(1 / 3)
})

it('counts a missed box and one too many as nothing', () => {
  expect(exampleIou([LEFT], [LEFT, RIGHT])).toBe(0.5)
  expect(exampleIou([LEFT, RIGHT], [LEFT])).toBe(0.5)
  expect(exampleIou([], [LEFT])).toBe(0)
})

it('has no value where nothing is to be found', () => {
  expect(exampleIou([LEFT], [])).toBeNull()
})
