import { expect, it } from 'vitest'
import type { Box } from '../../../server/contracts/annotation.ts'
import { type Change, changeBox, changeExpression } from '../document/change.ts'
import { docFrom, toDocument } from '../document/doc.ts'
import { placeBoxes } from '../document/edit.ts'
import { ManualClock, settled } from '../testing/fake-server.ts'
import { aBox, anExpression } from '../testing/records.ts'
import type { Batch, SaveOutcome } from './pump.ts'
import { rebase, resolve } from './rebase.ts'
import { Session } from './session.ts'

const image = { width: 1000, height: 800 }
const [cat, feline] = [anExpression({ text: 'cat' }), anExpression({ text: 'feline' })]
const sent = aBox([cat])
/** A merge of the class took the box to another expression. */
const taken: Box = { ...sent, expressionIds: [feline.id] }

it('puts what waits on top of what a change over the project did to the same record, field by field', () => {
  const theirs = docFrom({ expressions: [feline], boxes: [taken] }, image)
  const known = { expressions: new Map(), merged: new Map(), bulk: [changeBox(sent, taken)] }
  const moved = { ...sent, x: 77 }
  expect(rebase([changeBox(sent, moved)], theirs, known)).toEqual({
    changes: [changeBox(taken, { ...taken, x: 77 })],
    conflicts: [],
  })
  expect(rebase([changeBox(sent, null)], theirs, known).changes).toEqual([changeBox(taken, null)])
  const both = changeBox(sent, { ...sent, expressionIds: [anExpression().id] })
  expect(rebase([both], theirs, known).conflicts).toMatchObject([{ id: sent.id }])
})

it('follows an expression that was merged into one which became one with a third of the same text', () => {
  const puss = anExpression({ text: 'puss' })
  const theirs = docFrom({ expressions: [feline, puss], boxes: [taken, aBox([puss])] }, image)
  const known = {
    expressions: new Map([cat, feline, puss].map((each) => [each.id, each])),
    merged: new Map([[cat.id, feline.id]]),
    bulk: [changeBox(sent, taken), changeExpression(cat, null)],
  }
  const pending = [
    changeBox(sent, { ...sent, x: 77 }),
    changeExpression(feline, { ...feline, text: puss.text }),
  ]
  const rebased = rebase(pending, theirs, known)
  expect(rebased.conflicts).toEqual([])
  const moved = resolve(rebased, theirs, known, new Map()).find(({ id }) => id === sent.id)
  expect(moved?.after).toEqual({ ...sent, x: 77, expressionIds: [puss.id] })
})

it('lets a session show what the server has, send on from there, and keep its undo history', async () => {
  const clock = new ManualClock()
  const batches: Batch[] = []
  let answer: (outcome: SaveOutcome) => void = () => undefined
  const session = new Session({
    ...{ image, revision: 0, readOnly: false, active: null, clock },
    document: { expressions: [cat], boxes: [sent] },
    save: (batch) => {
      batches.push(batch)
      return new Promise((resolve) => {
        answer = resolve
      })
    },
    catchUp: () => Promise.reject(new Error('The answers say all there is to know.')),
    store: { claim: async () => [], keep: async () => undefined },
  })
  const move = (x: number) => {
    const { doc } = session.editor.getState()
    const { y, width, height } = sent
    session.editor.commit('move', placeBoxes(doc, new Map([[sent.id, { x, y, width, height }]])))
  }
  const saved = async (revision: number, adjusted: readonly Change[]) => {
    answer({ kind: 'saved', revision, number: revision, status: 'in_work', adjusted })
    await settled()
  }
  move(50)
  session.flush()
  move(60)
  await saved(1, [
    changeExpression(null, feline),
    changeExpression(cat, null),
    changeBox({ ...sent, x: 50 }, { ...taken, x: 50 }),
  ])
  expect(session.editor.getState().doc.boxes.get(sent.id)).toEqual({ ...taken, x: 60 })
  expect(batches[1]?.changes).toEqual([changeBox({ ...taken, x: 50 }, { ...taken, x: 60 })])
  await saved(2, [])
  expect(toDocument(session.editor.getState().doc)).toEqual({
    expressions: [feline],
    boxes: [{ ...taken, x: 60 }],
  })
  expect(session.editor.getState().history.undo.map(({ step }) => step)).toEqual(['move', 'move'])
})
