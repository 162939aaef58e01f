import { expect, it } from 'vitest'
import type { Box } from '../../../server/contracts/annotation.ts'
import { type Change, changeBox, changeExpression } from '../document/change.ts'
import { docFrom, toDocument } from '../document/doc.ts'
import { placeBoxes } from '../document/edit.ts'
import { ManualClock, settled } from '../testing/fake-server.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { adjustShown, adjustWaiting } from './adjust.ts'
import type { Batch, SaveOutcome } from './pump.ts'
import { Session } from './session.ts'

const image = { width: 1000, height: 800 }
const [cat, feline] = [anExpression({ text: 'cat' }), anExpression({ text: 'feline' })]
const sent = aBox([cat])
/** A merge of the class took the box to another expression. */
const taken: Box = { ...sent, expressionIds: [feline.id] }
const adjusted = [changeBox(sent, taken)]

it('puts what waits on top of what the server made of the batch before', () => {
  const moved = { ...sent, x: 77 }
  expect(adjustWaiting([changeBox(sent, moved)], adjusted)).toEqual([changeBox(taken, { ...taken, x: 77 })])
  expect(adjustWaiting([changeBox(sent, null)], adjusted)).toEqual([changeBox(taken, null)])
  const other = changeBox(null, aBox([cat]))
  expect(adjustWaiting([other], adjusted)).toEqual([other])
  const both = [changeBox(sent, { ...sent, expressionIds: [anExpression().id] })]
  expect(adjustWaiting(both, adjusted)).toEqual(both)
})

it('leaves on the screen what was edited since, and brings nothing back that was deleted', () => {
  const moved = docFrom({ expressions: [cat], boxes: [{ ...sent, x: 77 }] }, image)
  expect(adjustShown(moved, adjusted)).toEqual([changeBox({ ...sent, x: 77 }, { ...taken, x: 77 })])
  expect(adjustShown(docFrom({ expressions: [cat], boxes: [] }, image), adjusted)).toEqual([])
})

it('lets a session show what the server has, send on from there, and keep its undo history', async () => {
  const clock = new ManualClock()
  const batches: Batch[] = []
  let answer: (outcome: SaveOutcome) => void = () => undefined
  let server = docFrom({ expressions: [cat], boxes: [sent] }, image)
  const session = new Session({
    ...{ image, document: toDocument(server), readOnly: false, active: null, clock },
    save: (batch) => {
      batches.push(batch)
      return new Promise((resolve) => {
        answer = resolve
      })
    },
    reload: async () => toDocument(server),
    store: { claim: async () => [], keep: async () => undefined },
  })
  const move = (x: number) => {
    const { doc } = session.editor.getState()
    const { y, width, height } = sent
    session.editor.commit('move', placeBoxes(doc, new Map([[sent.id, { x, y, width, height }]])))
  }
  const saved = async (changes: readonly Change[]) => {
    answer({ kind: 'saved', revision: 1, status: 'in_work', adjusted: changes })
    await settled()
  }
  move(50)
  session.flush()
  move(60)
  await saved([changeBox({ ...sent, x: 50 }, { ...taken, x: 50 })])
  expect(session.editor.getState().doc.boxes.get(sent.id)).toEqual({ ...taken, x: 60 })
  expect(batches[1]?.changes).toEqual([changeBox({ ...taken, x: 50 }, { ...taken, x: 60 })])
  // Once all is saved the rest of the document is asked for: here the expression the box answers now.
  server = docFrom({ expressions: [feline], boxes: [{ ...taken, x: 60 }] }, image)
  await saved([])
  expect(toDocument(session.editor.getState().doc)).toEqual(toDocument(server))
  expect(session.editor.getState().history.undo.map(({ step }) => step)).toEqual(['move', 'move'])
})

it('gives up an expression that came in under another one', () => {
  const stale = anExpression({ text: 'cat' })
  const doc = docFrom({ expressions: [stale, feline], boxes: [] }, image)
  expect(adjustShown(doc, [changeExpression(stale, null)])).toEqual([changeExpression(stale, null)])
})
