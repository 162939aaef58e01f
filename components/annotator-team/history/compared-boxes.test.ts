import { expect, test } from 'vitest'
import { changeBox, changeExpression } from '../../annotator/document/change.ts'
import { aBox, anExpression } from '../../annotator/testing/records.ts'
import { compareStates } from './compared-boxes.ts'

const valve = anExpression({ text: 'valve' })
const box = aBox([valve])
const rect = { x: box.x, y: box.y, width: box.width, height: box.height }

test('a box is told as added, removed or changed, with where it is and where it was', () => {
  const moved = { ...box, x: 300 }
  const comparison = compareStates([
    changeBox(null, box),
    changeBox(box, null),
    changeBox(box, moved),
    changeExpression(null, valve),
  ])
  expect(comparison).toEqual({
    boxes: [
      { id: box.id, kind: 'added', now: rect, before: null },
      { id: box.id, kind: 'removed', now: null, before: rect },
      { id: box.id, kind: 'changed', now: { ...rect, x: 300 }, before: rect },
    ],
    added: 1,
    removed: 1,
    changed: 1,
    expressions: 1,
  })
})

test('no changes, no difference', () => {
  expect(compareStates([])).toMatchObject({ boxes: [], added: 0, removed: 0, changed: 0, expressions: 0 })
})
