import { describe, expect, it } from 'vitest'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { changeBox } from '../document/change.ts'
import { toDocument } from '../document/doc.ts'
import { deleteBoxes, placeBoxes } from '../document/edit.ts'
import { Driver } from '../testing/driver.ts'

/** Two boxes, drawn by hand. */
function drawn(): Driver {
  const driver = new Driver(undefined, { active: { kind: 'class', text: 'dog' } })
  return driver.press([10, 10]).drag([50, 50]).release().press([100, 100]).drag([150, 150]).release()
}
const box = (driver: Driver, id: string) => {
  const found = driver.editor.getState().doc.boxes.get(id as BoxId)
  if (!found) throw new Error(`no box ${id}`)
  return found
}
const nudge = (driver: Driver, id: string) => {
  const { doc } = driver.editor.getState()
  const { x, y, width, height } = box(driver, id)
  const places = new Map([[id as BoxId, { x: x + 1, y, width, height }]])
  driver.editor.commit('nudge', placeBoxes(doc, places), `nudge ${id}`)
}

describe('history', () => {
  it('makes one step of quick presses of an arrow key, and several of slow ones', () => {
    const driver = drawn()
    for (let n = 0; n < 5; n += 1) nudge(driver.wait(100), 'b_1')
    nudge(driver.wait(5_000), 'b_1')
    expect(box(driver, 'b_1').x).toBe(16)
    driver.editor.undo()
    expect(box(driver, 'b_1').x).toBe(15)
    driver.editor.undo()
    expect(box(driver, 'b_1').x).toBe(10)
  })

  it('never merges steps on different boxes', () => {
    const driver = drawn()
    nudge(driver, 'b_1')
    nudge(driver, 'b_2')
    driver.editor.undo()
    expect([box(driver, 'b_1').x, box(driver, 'b_2').x]).toEqual([11, 100])
  })

  it('goes past a step whose records another person has changed, and leaves their work alone', () => {
    const driver = drawn()
    nudge(driver, 'b_1')
    const mine = box(driver, 'b_1')
    driver.editor.receive([changeBox(mine, { ...mine, x: 500 })])
    driver.editor.undo()
    // The nudge cannot be taken back any more; drawing b_2 is the next thing that can.
    expect(driver.boxes).toEqual([[500, 10, 40, 40, 'dog']])
  })

  it('does not delete an expression that another person gave a box', () => {
    const driver = drawn()
    const theirs = { ...box(driver, 'b_1'), id: 'theirs' as BoxId }
    driver.editor.receive([changeBox(null, theirs)])
    driver.editor.undo()
    driver.editor.undo()
    expect(driver.expressions).toEqual(['dog'])
    expect(driver.editor.getState().doc.boxes.size).toBe(1)
  })

  it('forgets what could be redone when something new is done', () => {
    const driver = drawn()
    driver.editor.undo()
    nudge(driver, 'b_1')
    driver.editor.redo()
    expect(driver.boxes).toHaveLength(1)
    expect(driver.editor.getState().notice).toEqual({ code: 'nothingToRedo' })
  })

  it('brings a deleted expression back with its boxes, under the same ids', () => {
    const driver = drawn()
    const before = driver.editor.getState().doc
    driver.editor.commit('delete', deleteBoxes(before, [...before.boxes.keys()]))
    expect(driver.expressions).toEqual([])
    driver.editor.undo()
    expect(driver.editor.getState().doc).toEqual(before)
  })

  it('changes nothing for a person who may only look', () => {
    const { doc } = drawn().editor.getState()
    const viewer = new Driver(toDocument(doc), { readOnly: true })
    viewer.press([30, 30]).drag([90, 90]).release()
    expect(viewer.editor.commit('delete', deleteBoxes(doc, [...doc.boxes.keys()]))).toBe(false)
    expect([viewer.boxes, viewer.sent]).toEqual([drawn().boxes, []])
    expect(viewer.editor.getState().notice).toEqual({ code: 'readOnly' })
  })
})
