import { expect, test } from 'vitest'
import { type ActionName, runAction } from '../actions/registry.ts'
import { readingOrder } from '../document/doc.ts'
import { contextOf } from '../testing/context.ts'
import { Driver } from '../testing/driver.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { announcementOf } from './announcement.ts'

const dog = anExpression({ text: 'dog' })
const [right, left, low] = [
  aBox([dog], { x: 500, y: 100 }),
  aBox([dog], { x: 20, y: 110 }),
  aBox([dog], { x: 300, y: 600 }),
]

function said(driver: Driver, act: () => void) {
  const before = driver.editor.getState()
  act()
  return announcementOf(before, driver.editor.getState())
}
const open = () => new Driver({ expressions: [dog], boxes: [right, left, low] })
const run = (driver: Driver, name: ActionName) => runAction(name, contextOf(driver))

test('boxes are read line by line, though one stands a little lower than its neighbour', () => {
  expect(readingOrder(open().editor.getState().doc).map((box) => box.id)).toEqual([left.id, right.id, low.id])
})

test('going to a box says what it is, where it is and how many there are', () => {
  const driver = open()
  const rect = { x: 20, y: 110, width: 100, height: 80 }
  expect(said(driver, () => run(driver, 'nextBox'))).toEqual({
    code: 'box',
    name: 'dog',
    rect,
    number: 1,
    total: 3,
  })
})

test('every step of a moved box says where it is now', () => {
  const driver = open()
  driver.editor.select([left.id])
  expect(said(driver, () => run(driver, 'nudgeFarRight'))).toMatchObject({ code: 'place', rect: { x: 30 } })
})

test('deleting, undoing and making again are told apart', () => {
  const driver = open()
  driver.editor.select([low.id])
  expect(said(driver, () => run(driver, 'delete'))).toEqual({ code: 'deleted', left: 2 })
  expect(said(driver, () => driver.editor.undo())).toEqual({ code: 'undone', step: 'delete' })
  expect(said(driver, () => driver.editor.redo())).toEqual({ code: 'redone', step: 'delete' })
})

test('several boxes are counted, and none is said once', () => {
  const driver = open()
  expect(said(driver, () => run(driver, 'selectAll'))).toEqual({ code: 'selected', count: 3 })
  expect(said(driver, () => run(driver, 'escape'))).toEqual({ code: 'deselected' })
  expect(said(driver, () => driver.editor.setViewport({ scale: 2, x: 0, y: 0, turn: 0 }))).toBeNull()
})
