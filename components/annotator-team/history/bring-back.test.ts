import fc from 'fast-check'
import { expect, test } from 'vitest'
import { squashChanges } from '../../annotator/document/change.ts'
import { toDocument } from '../../annotator/document/doc.ts'
import { Driver } from '../../annotator/testing/driver.ts'
import { aBox, anExpression } from '../../annotator/testing/records.ts'
import { bringBack } from './bring-back.ts'

const valve = anExpression({ text: 'valve' })
const start = { expressions: [valve], boxes: [aBox([valve]), aBox([valve], { x: 400 })] }

const drag = fc.tuple(
  fc.integer({ min: 0, max: 900 }),
  fc.integer({ min: 0, max: 700 }),
  fc.integer({ min: 20, max: 100 }),
)

test('any state comes back whatever was drawn since, and undo takes that back', () => {
  fc.assert(
    fc.property(fc.array(drag, { minLength: 1, maxLength: 8 }), fc.nat(), (drags, pick) => {
      const driver = new Driver(start, { active: { kind: 'class', text: 'valve' } })
      const { editor } = driver
      editor.setTool('draw')
      const states = [toDocument(editor.getState().doc)]
      const sent = [driver.sent.length]
      for (const [x, y, size] of drags) {
        driver
          .press([x, y])
          .drag([x + size, y + size])
          .release()
        states.push(toDocument(editor.getState().doc))
        sent.push(driver.sent.length)
      }
      const wanted = pick % states.length
      const since = squashChanges(driver.sent.slice(sent[wanted]))
      const isCommitted = editor.commit('restore', bringBack(editor.getState().doc, since))
      expect(toDocument(editor.getState().doc)).toEqual(states[wanted])
      if (isCommitted) editor.undo()
      expect(toDocument(editor.getState().doc)).toEqual(states.at(-1))
    }),
  )
})

test('nothing happened since: nothing is done', () => {
  const { editor } = new Driver(start)
  expect(bringBack(editor.getState().doc, [])).toEqual([])
})
