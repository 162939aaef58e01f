import fc from 'fast-check'
import { expect, test } from 'vitest'
import { screenPoint } from '../../annotator/geometry/points.ts'
import type { Turn } from '../../annotator/geometry/turn.ts'
import { Driver } from '../../annotator/testing/driver.ts'
import { aBox, anExpression } from '../../annotator/testing/records.ts'
import { numbersOf, pointAt, pointInView, pointOfSelection } from './pins.ts'

test('only threads with a point have a number, in the order in which they were begun', () => {
  const point = { x: 1, y: 1 }
  const numbers = numbersOf([
    { id: 'a', point },
    { id: 'b', point: null },
    { id: 'c', point },
  ])
  expect([...numbers]).toEqual([
    ['a', 1],
    ['c', 2],
  ])
})

test('a pin never leaves the picture, however it is zoomed and wherever one presses', () => {
  const { editor } = new Driver()
  const offset = fc.double({ min: -3000, max: 3000, noNaN: true })
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 64, noNaN: true }),
      offset,
      offset,
      offset,
      offset,
      fc.constantFrom<Turn>(0, 1, 2, 3),
      (scale, x, y, px, py, turn) => {
        editor.setViewport({ scale, x, y, turn })
        for (const point of [
          pointAt(editor.getState(), screenPoint(px, py)),
          pointInView(editor.getState()),
        ]) {
          expect(point.x).toBeGreaterThanOrEqual(0)
          expect(point.x).toBeLessThanOrEqual(1000)
          expect(point.y).toBeGreaterThanOrEqual(0)
          expect(point.y).toBeLessThanOrEqual(800)
        }
      },
    ),
  )
})

test('a comment about the one selected box stands at its right upper corner', () => {
  const expression = anExpression()
  const boxes = [aBox([expression]), aBox([expression], { x: 300 })] as const
  const { editor } = new Driver({ expressions: [expression], boxes: [...boxes] })
  expect(pointOfSelection(editor.getState())).toBeNull()
  editor.select([boxes[0].id])
  expect(pointOfSelection(editor.getState())).toEqual({ x: 110, y: 20 })
  editor.select([boxes[0].id, boxes[1].id])
  expect(pointOfSelection(editor.getState())).toBeNull()
})
