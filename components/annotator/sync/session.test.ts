import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Box, Expression } from '../../../server/contracts/annotation.ts'
import { applyChanges, type Change, changeBox, changeExpression } from '../document/change.ts'
import { toDocument } from '../document/doc.ts'
import { deleteBoxes, deleteExpression, placeBoxes, relabelBoxes } from '../document/edit.ts'
import { imagePoint } from '../geometry/points.ts'
import { toScreen } from '../geometry/viewport.ts'
import { NOTHING_HELD } from '../testing/driver.ts'
import { FakeServer, ManualClock, settled } from '../testing/fake-server.ts'
import { aBox, anExpression } from '../testing/records.ts'
import type { PendingStore } from './pending-store.ts'
import { joinPendings } from './pending-store.ts'
import type { Pending } from './pump.ts'
import type { Choice } from './rebase.ts'
import { Session } from './session.ts'

const image = { width: 1000, height: 800 }
const [dog, cat] = [anExpression({ text: 'dog' }), anExpression({ text: 'cat' })]
const [one, two] = [aBox([dog]), aBox([cat], { x: 300 })]
const start = { expressions: [dog, cat], boxes: [one, two] }

/** Memory in place of IndexedDB. */
function memory(left: Pending[] = []): PendingStore & { kept: Pending | null } {
  return {
    kept: null,
    async claim() {
      return left
    },
    async keep(pending) {
      this.kept = pending
    },
  }
}

function open(server: FakeServer, clock: ManualClock, store: PendingStore = memory()): Session {
  const { save, catchUp, revision } = server
  return new Session({
    image,
    document: toDocument(server.doc),
    readOnly: false,
    active: null,
    revision,
    save,
    catchUp,
    store,
    clock,
  })
}

const doc = (session: Session) => session.editor.getState().doc
const move = (session: Session, box: Box, x: number) => {
  const { y, width, height } = box
  session.editor.commit('move', placeBoxes(doc(session), new Map([[box.id, { x, y, width, height }]])))
}
const decideAll = (session: Session, choice: Choice) => {
  const conflicts = session.getState().rebased?.conflicts ?? []
  session.decide(new Map(conflicts.map((conflict) => [conflict.id, choice])))
}
const setUp = () => {
  const server = new FakeServer(start, image)
  const clock = new ManualClock()
  return { server, clock, ada: open(server, clock), bob: open(server, clock) }
}

describe('two people on one image', () => {
  it('both keep their work when they changed different boxes', async () => {
    const { server, clock, ada, bob } = setUp()
    move(ada, one, 50)
    move(bob, two, 600)
    await clock.pass(1_000)
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([50, 600])
    await ada.refresh()
    expect(toDocument(doc(ada))).toEqual(toDocument(server.doc))
    expect(ada.editor.getState().history.undo).toHaveLength(1)
  })

  it.each<[Choice, number]>([
    ['mine', 99],
    ['theirs', 50],
  ])('choose %s when both moved the same box', async (choice, x) => {
    const { server, clock, ada, bob } = setUp()
    move(ada, one, 50)
    await clock.pass(1_000)
    move(bob, one, 99)
    move(bob, two, 7)
    await clock.pass(1_000)
    expect(bob.getState().sync.at).toBe('conflict')
    expect(bob.getState().rebased?.conflicts).toMatchObject([
      { id: one.id, mine: { x: 99 }, theirs: { x: 50 } },
    ])
    decideAll(bob, choice)
    await clock.pass(1_000)
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([x, 7])
    expect(toDocument(doc(bob))).toEqual(toDocument(server.doc))
    expect(bob.getState()).toMatchObject({ sync: { at: 'saved' }, rebased: null })
  })

  it('asks again about what was edited while the question stood', async () => {
    const { server, clock, ada, bob } = setUp()
    move(ada, one, 50)
    move(ada, two, 51)
    await clock.pass(1_000)
    move(bob, one, 99)
    await clock.pass(1_000)
    move(bob, two, 98)
    decideAll(bob, 'mine')
    expect(bob.getState().rebased?.conflicts.map((conflict) => conflict.id)).toEqual([one.id, two.id])
    decideAll(bob, 'mine')
    await clock.pass(1_000)
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([99, 98])
  })

  it('make one expression of the same text, without asking', async () => {
    const { server, clock, ada, bob } = setUp()
    const fox = { kind: 'class', text: 'fox' } as const
    ada.editor.commit('relabel', relabelBoxes(doc(ada), [one.id], fox, ada.editor.ids))
    await clock.pass(1_000)
    bob.editor.commit('relabel', relabelBoxes(doc(bob), [two.id], fox, bob.editor.ids))
    await clock.pass(1_000)
    const now = toDocument(server.doc)
    expect(now.expressions.map((expression) => expression.text)).toEqual(['fox'])
    expect(now.boxes.map((box) => box.expressionIds)).toEqual([
      [now.expressions[0]?.id],
      [now.expressions[0]?.id],
    ])
    expect(toDocument(doc(bob))).toEqual(now)
  })

  it.each<[Choice, number]>([
    ['mine', 1],
    ['theirs', 3],
  ])('choose %s when one deletes an expression that the other gave a box', async (choice, boxes) => {
    const { server, clock, ada, bob } = setUp()
    const copy = { ...one, id: `${one.id}_copy` as Box['id'], position: 99 }
    ada.editor.commit('duplicate', [{ type: 'box', id: copy.id, before: null, after: copy }])
    await clock.pass(1_000)
    bob.editor.commit('delete', deleteExpression(doc(bob), dog.id))
    await clock.pass(1_000)
    expect(bob.getState().rebased?.conflicts).toMatchObject([{ id: dog.id, mine: null }])
    decideAll(bob, choice)
    await clock.pass(1_000)
    expect(bob.getState().sync.at).toBe('saved')
    // Choosing theirs keeps the expression; the box that only bob deleted stays deleted.
    expect(server.doc.boxes.size).toBe(choice === 'mine' ? boxes : boxes - 1)
    expect(toDocument(doc(bob))).toEqual(toDocument(server.doc))
  })

  it('end with the same document whatever they do and however they choose', async () => {
    const act = fc.record({
      who: fc.constantFrom('ada', 'bob'),
      what: fc.constantFrom('move', 'relabel', 'delete', 'draw', 'undo', 'wait', 'cut'),
      pick: fc.nat({ max: 5 }),
      x: fc.nat({ max: 800 }),
      text: fc.constantFrom('dog', 'cat', 'fox', 'owl'),
      choice: fc.constantFrom<Choice>('mine', 'theirs'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
        const { server, clock, ada, bob } = setUp()
        const both = { ada, bob }
        for (const { who, what, pick, x, text, choice } of acts) {
          const session = both[who as 'ada' | 'bob']
          const box = [...doc(session).boxes.values()][pick]
          if (what === 'wait') {
            server.network = 'up'
            await clock.pass(40_000)
            for (const each of [ada, bob]) decideAll(each, choice)
          } else if (what === 'cut') server.network = pick % 2 ? 'down' : 'deaf'
          else if (what === 'undo') session.editor.undo()
          else if (what === 'draw') draw(session, x, text)
          else if (!box) continue
          else if (what === 'move') move(session, box, x)
          else if (what === 'delete') session.editor.commit('delete', deleteBoxes(doc(session), [box.id]))
          else {
            const entry = { kind: 'class', text } as const
            session.editor.commit('relabel', relabelBoxes(doc(session), [box.id], entry, session.editor.ids))
          }
        }
        server.network = 'up'
        for (let round = 0; round < 6; round += 1) {
          await clock.pass(40_000)
          decideAll(ada, 'mine')
          await clock.pass(40_000)
          decideAll(bob, 'theirs')
        }
        for (const session of [ada, bob]) {
          await clock.pass(40_000)
          expect(session.getState().sync).toEqual({ at: 'saved' })
          await session.refresh()
          expect(toDocument(doc(session))).toEqual(toDocument(server.doc))
        }
      }),
      { numRuns: 150 },
    )
  })
})

function draw(session: Session, x: number, text: string): void {
  const { editor } = session
  editor.setTool('draw')
  editor.setActive({ kind: 'class', text })
  const { viewport } = editor.getState()
  for (const [type, px] of [
    ['press', x],
    ['move', x + 50],
    ['release', x + 100],
  ] as const) {
    const at = imagePoint(px, px / 2)
    editor.handle({ type, pointer: { image: at, screen: toScreen(viewport, at), ...NOTHING_HELD } })
  }
}

describe('a page that follows the image', () => {
  const revisionOf = (server: FakeServer, changes: Change[], isBulk = false) => {
    server.doc = applyChanges(server.doc, changes)
    server.revision += 1
    const operationId = `operation-${server.revision}`
    server.known.set(operationId, server.revision)
    return { number: server.revision, operationId, author: null, changes, isBulk }
  }

  it('shows what others save, under its own work that is still waiting', async () => {
    const { server, clock, ada } = setUp()
    move(ada, one, 50)
    ada.hear([revisionOf(server, [changeBox(two, { ...two, x: 600 })])])
    expect([...doc(ada).boxes.values()].map((box) => box.x)).toEqual([50, 600])
    await clock.pass(1_000)
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([50, 600])
  })

  it('asks at once when both changed one box, without a save that fails first', () => {
    const { server, ada } = setUp()
    move(ada, one, 50)
    ada.hear([revisionOf(server, [changeBox(one, { ...one, x: 70 })])])
    expect(ada.getState().rebased?.conflicts).toMatchObject([{ mine: { x: 50 }, theirs: { x: 70 } }])
  })

  it('knows a save as accepted whose answer was lost, once it hears of it', async () => {
    const { server, clock, ada } = setUp()
    ada.follow(true)
    server.network = 'deaf'
    move(ada, one, 50)
    await clock.pass(400)
    expect(ada.getState().sync.at).toBe('offline')
    const [operationId = ''] = server.known.keys()
    const changes = [changeBox(one, { ...one, x: 50 })]
    ada.hear([{ number: 1, operationId, author: null, changes, isBulk: false }])
    expect(ada.getState().sync).toEqual({ at: 'saved' })
  })

  it('does not take its own save back while a revision before it is still on the way', async () => {
    const { server, clock, ada } = setUp()
    ada.follow(true)
    const earlier = revisionOf(server, [changeBox(two, { ...two, x: 600 })])
    move(ada, one, 50)
    await clock.pass(1_000)
    move(ada, { ...one, x: 50 }, 60)
    ada.hear([earlier])
    expect([...doc(ada).boxes.values()].map((box) => box.x)).toEqual([60, 300])
    await clock.pass(5_000)
    expect(ada.getState().rebased).toBeNull()
    expect(toDocument(doc(ada))).toEqual(toDocument(server.doc))
    expect([...doc(ada).boxes.values()].map((box) => box.x)).toEqual([60, 600])
  })

  it('leaves a gesture alone and catches up when it ends', async () => {
    const { server, ada } = setUp()
    ada.editor.setTool('select')
    const at = (type: 'press' | 'move' | 'release', x: number) => {
      const point = imagePoint(x, 60)
      const screen = toScreen(ada.editor.getState().viewport, point)
      ada.editor.handle({ type, pointer: { image: point, screen, ...NOTHING_HELD } })
    }
    at('press', 50)
    at('move', 90)
    ada.hear([revisionOf(server, [changeBox(two, { ...two, x: 600 })])])
    expect(doc(ada).boxes.get(two.id)?.x).toBe(300)
    at('release', 90)
    await settled()
    expect([...doc(ada).boxes.values()].map((box) => box.x)).toEqual([50, 600])
  })

  it('keeps a step that is made in the very moment in which a question has become needless', async () => {
    const { server, clock, ada } = setUp()
    move(ada, one, 50)
    revisionOf(server, [changeBox(one, { ...one, x: 70 })])
    await clock.pass(1_000)
    expect(ada.getState().sync.at).toBe('conflict')
    ada.hear([revisionOf(server, [changeExpression(cat, { ...cat, text: 'kitten' })])])
    ada.editor.undo()
    move(ada, two, 600)
    expect(doc(ada).boxes.get(two.id)?.x).toBe(600)
    await clock.pass(1_000)
    expect(ada.getState().rebased).toBeNull()
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([70, 600])
    expect(toDocument(doc(ada))).toEqual(toDocument(server.doc))
  })

  it('moves unsent boxes along when an edit of many images merges their expression', async () => {
    const { server, clock, ada } = setUp()
    move(ada, one, 50)
    const merge = [changeBox(one, { ...one, expressionIds: [cat.id] }), changeExpression(dog, null)]
    ada.hear([revisionOf(server, merge, true)], { [dog.id]: cat.id })
    await clock.pass(1_000)
    expect(ada.getState().rebased).toBeNull()
    expect(server.doc.boxes.get(one.id)).toMatchObject({ x: 50, expressionIds: [cat.id] })
  })

  it('brings an expression back with a box that was chosen, when the other side deleted both', async () => {
    const { server, clock, ada } = setUp()
    move(ada, one, 50)
    ada.hear([revisionOf(server, deleteExpression(server.doc, dog.id))])
    expect(ada.getState().rebased?.conflicts.map(({ id }) => id)).toEqual([one.id])
    decideAll(ada, 'mine')
    await clock.pass(1_000)
    expect(server.doc.boxes.get(one.id)?.x).toBe(50)
    expect(server.doc.expressions.get(dog.id)?.text).toBe('dog')
  })

  it('takes two expressions that swapped their texts as they are', async () => {
    const { server, clock, ada } = setUp()
    const rename = (expression: Expression, text: string) =>
      ada.editor.commit('rename', [changeExpression(expression, { ...expression, text })])
    rename(dog, 'swapping')
    rename(cat, 'dog')
    rename({ ...dog, text: 'swapping' }, 'cat')
    ada.hear([revisionOf(server, [changeBox(two, { ...two, x: 600 })])])
    await clock.pass(1_000)
    expect(toDocument(server.doc).expressions.map(({ text }) => text)).toEqual(['cat', 'dog'])
  })
})

describe('a server that cannot be reached', () => {
  it('loses nothing: what was made offline arrives when it is back', async () => {
    const { server, clock, ada } = setUp()
    server.network = 'down'
    move(ada, one, 50)
    move(ada, two, 60)
    await clock.pass(120_000)
    expect(ada.getState().sync).toEqual({ at: 'offline', changes: 2 })
    server.network = 'up'
    ada.flush()
    await clock.pass(0)
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([50, 60])
  })

  it('that saved but whose answer was lost saves once', async () => {
    const { server, clock, ada } = setUp()
    server.network = 'deaf'
    move(ada, one, 50)
    await clock.pass(1_000)
    server.network = 'up'
    await clock.pass(60_000)
    expect(ada.getState().sync).toEqual({ at: 'saved' })
    expect(server.revision).toBe(1)
  })
})

describe('a tab that was closed with unsaved work', () => {
  it('is taken up by the next one', async () => {
    const { server, clock, ada } = setUp()
    const store = memory()
    server.network = 'down'
    const closed = open(server, clock, store)
    move(closed, one, 50)
    closed.flush()
    move(closed, two, 60)
    await clock.pass(0)
    server.network = 'up'
    const again = open(server, clock, memory(store.kept ? [store.kept] : []))
    await again.recover()
    expect(toDocument(doc(again)).boxes.map((box) => box.x)).toEqual([50, 60])
    await clock.pass(5_000)
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([50, 60])
    await ada.refresh()
    expect(toDocument(doc(ada))).toEqual(toDocument(server.doc))
  })

  it('shows what others did since when its work had arrived after all', async () => {
    const { server, clock, ada } = setUp()
    const store = memory()
    server.network = 'deaf'
    const closed = open(server, clock, store)
    move(closed, one, 50)
    closed.flush()
    await clock.pass(0)
    server.network = 'up'
    await ada.refresh()
    move(ada, { ...one, x: 50 }, 70)
    await clock.pass(1_000)
    const again = open(server, clock, memory(store.kept ? [store.kept] : []))
    await again.recover()
    await clock.pass(5_000)
    expect(toDocument(doc(again)).boxes.map((box) => box.x)).toEqual([70, 300])
  })

  it('is asked about when another closed tab had changed the same box', async () => {
    const { server, clock } = setUp()
    const left = [50, 70].map((x): Pending => {
      const changes = [changeBox(one, { ...one, x })]
      return { sent: [{ operationId: `operation-at-${x}`, changes }], waiting: [] }
    })
    const again = open(server, clock, memory(left))
    await again.recover()
    await clock.pass(5_000)
    expect(again.getState().rebased?.conflicts).toMatchObject([{ mine: { x: 70 }, theirs: { x: 50 } }])
  })

  it('keeps what is drawn while the browser’s database is still being read', async () => {
    const { server, clock } = setUp()
    const changes = [changeBox(one, { ...one, x: 50 })]
    const again = open(server, clock, memory([{ sent: [], waiting: changes }]))
    const recovered = again.recover()
    move(again, two, 600)
    await recovered
    await clock.pass(5_000)
    expect(toDocument(server.doc).boxes.map((box) => box.x)).toEqual([50, 600])
  })

  it('is asked about when somebody deleted the expression of its box, by the name it had', async () => {
    const { server, clock, ada } = setUp()
    const store = memory()
    server.network = 'down'
    const closed = open(server, clock, store)
    draw(closed, 300, 'dog')
    closed.flush()
    await clock.pass(0)
    server.network = 'up'
    ada.editor.commit('delete', deleteExpression(doc(ada), dog.id))
    await clock.pass(1_000)
    const again = open(server, clock, memory(store.kept ? [store.kept] : []))
    await again.recover()
    expect([...doc(again).expressions.values()].map(({ text }) => text)).toContain('dog')
    await clock.pass(5_000)
    expect(again.getState().rebased?.conflicts).toMatchObject([{ mine: { text: 'dog' }, theirs: null }])
    decideAll(again, 'mine')
    await clock.pass(1_000)
    expect(server.doc.boxes.size).toBe(2)
    expect(toDocument(doc(again))).toEqual(toDocument(server.doc))
  })

  it('may have been several tabs: each one’s work stays its own operation', () => {
    const batch = { operationId: 'known', changes: [] }
    const change = { type: 'box', id: one.id, before: one, after: null } as const
    const joined = joinPendings([
      { sent: [batch], waiting: [change] },
      { sent: [], waiting: [change] },
    ])
    expect(joined.sent.map((each) => each.changes.length)).toEqual([0, 1, 1])
    expect(joined.sent[0]?.operationId).toBe('known')
    expect(joined.waiting).toEqual([])
  })
})

describe('a browser that refuses to store', () => {
  it('is told about, since closing the tab would lose work', async () => {
    const server = new FakeServer(start, image)
    const clock = new ManualClock()
    const session = open(server, clock, {
      claim: async () => [],
      keep: async (pending) => {
        if (pending) throw new Error('quota')
      },
    })
    move(session, one, 50)
    await clock.pass(0)
    expect(session.getState().unkept).toBe(true)
    await clock.pass(1_000)
    expect(session.getState().unkept).toBe(false)
  })
})

describe('the last two boxes of an expression', () => {
  const [left, right] = [aBox([dog]), aBox([dog], { x: 300 })]
  const setUpTwo = () => {
    const server = new FakeServer({ expressions: [dog], boxes: [left, right] }, image)
    const clock = new ManualClock()
    return { server, clock, ada: open(server, clock), bob: open(server, clock) }
  }
  const remove = (session: Session, box: Box) =>
    session.editor.commit('delete', deleteBoxes(doc(session), [box.id]))

  it('deleted by one person each do not say that there is no such thing', async () => {
    const { server, clock, ada, bob } = setUpTwo()
    remove(ada, left)
    remove(bob, right)
    await clock.pass(1_000)
    await ada.refresh()
    await bob.refresh()
    await clock.pass(1_000)
    await ada.refresh()
    expect(toDocument(server.doc)).toEqual({ expressions: [], boxes: [] })
    for (const session of [ada, bob]) expect(toDocument(doc(session))).toEqual(toDocument(server.doc))
  })

  it('do say so when somebody has meant it', async () => {
    const { server, clock, ada, bob } = setUpTwo()
    remove(bob, right)
    await clock.pass(1_000)
    await ada.refresh()
    // What undo and restoring an earlier state do: the record stays without its box.
    ada.editor.commit('restore', [changeBox(left, null)])
    await clock.pass(1_000)
    await bob.refresh()
    await clock.pass(1_000)
    for (const each of [server.doc, doc(bob)]) {
      expect(toDocument(each)).toMatchObject({ expressions: [dog], boxes: [] })
    }
  })
})
