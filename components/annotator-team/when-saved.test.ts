import { expect, test } from 'vitest'
import { toDocument } from '../annotator/document/doc.ts'
import { placeBoxes } from '../annotator/document/edit.ts'
import { Session } from '../annotator/sync/session.ts'
import { FakeServer, ManualClock } from '../annotator/testing/fake-server.ts'
import { aBox, anExpression } from '../annotator/testing/records.ts'
import { whenSaved } from './when-saved.ts'

const image = { width: 1000, height: 800 }
const valve = anExpression({ text: 'valve' })
const box = aBox([valve])

function open() {
  const server = new FakeServer({ expressions: [valve], boxes: [box] }, image)
  const session = new Session({
    image,
    document: toDocument(server.doc),
    revision: 0,
    readOnly: false,
    active: null,
    save: server.save,
    catchUp: server.catchUp,
    store: { claim: async () => [], keep: async () => undefined },
    clock: new ManualClock(),
  })
  const move = (x: number) => {
    const { doc } = session.editor.getState()
    const { y, width, height } = box
    session.editor.commit('move', placeBoxes(doc, new Map([[box.id, { x, y, width, height }]])))
  }
  return { server, session, move }
}

test('what waits is sent at once, and the answer is waited for', async () => {
  const { server, session, move } = open()
  move(200)
  expect(await whenSaved(session)).toBe(true)
  expect(server.doc.boxes.get(box.id)?.x).toBe(200)
})

test('a change during the save is waited for too', async () => {
  const { server, session, move } = open()
  move(200)
  const saved = whenSaved(session)
  move(250)
  expect(await saved).toBe(true)
  expect(server.doc.boxes.get(box.id)?.x).toBe(250)
})

test('nothing to save is saved', async () => {
  expect(await whenSaved(open().session)).toBe(true)
})

test('without a network it is told instead of waited for', async () => {
  const { server, session, move } = open()
  server.network = 'down'
  move(200)
  expect(await whenSaved(session)).toBe(false)
})
