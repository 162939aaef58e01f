import { expect, test } from 'vitest'
import { screenPoint } from '../geometry/points.ts'
import { Touches } from './touches.ts'

const view = { scale: 1, x: 0, y: 0, turn: 0 } as const

test('two fingers zoom by their distance and move by their middle', () => {
  const touches = new Touches()
  expect(touches.press('touch', 1, screenPoint(100, 100), view)).toBe(false)
  expect(touches.press('touch', 2, screenPoint(200, 100), view)).toBe(true)
  expect(touches.move(2, screenPoint(300, 100))).toEqual({ scale: 2, x: -100, y: -100, turn: 0 })
})

test('what is left of a pinch works no tool until the last finger is lifted', () => {
  const touches = new Touches()
  touches.press('touch', 1, screenPoint(100, 100), view)
  touches.press('touch', 2, screenPoint(200, 100), view)
  touches.release(1)
  expect([touches.isPinching, touches.move(2, screenPoint(0, 0))]).toEqual([true, null])
  touches.release(2)
  expect(touches.isPinching).toBe(false)
})

test('a finger moves the picture once a pen is in use, and works the tool before', () => {
  const touches = new Touches()
  expect(touches.isHand('touch')).toBe(false)
  touches.press('pen', 7, screenPoint(0, 0), view)
  expect([touches.isHand('touch'), touches.isHand('pen'), touches.isHand('mouse')]).toEqual([
    true,
    false,
    false,
  ])
})
