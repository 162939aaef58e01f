import { beforeEach, describe, expect, it } from 'vitest'
import { changeBox } from '../document/change.ts'
import { ManualClock, settled } from '../testing/fake-server.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { AutosavePump, type Batch, DEBOUNCE_MS, type Pending, type SaveOutcome } from './pump.ts'

const box = aBox([anExpression()])
const moved = (x: number) => ({ ...box, x })
const move = (from: number, to: number) => changeBox(moved(from), moved(to))

let clock: ManualClock
let sent: { batch: Batch; answer: (outcome: SaveOutcome) => void }[]
let kept: (Pending | null)[]
let conflicts: number
let pump: AutosavePump

beforeEach(() => {
  clock = new ManualClock()
  sent = []
  kept = []
  conflicts = 0
  pump = makePump()
})

function makePump(): AutosavePump {
  let operations = 0
  return new AutosavePump({
    save: (batch) => new Promise((answer) => sent.push({ batch, answer })),
    keep: (pending) => kept.push(pending),
    onState: () => undefined,
    onSaved: () => undefined,
    onConflict: () => {
      conflicts += 1
    },
    newOperationId: () => {
      operations += 1
      return `operation-${operations}`
    },
    clock,
  })
}

async function answer(
  place: number,
  outcome: SaveOutcome = { kind: 'saved', revision: 1, number: 1, status: 'in_work' },
) {
  sent[place]?.answer(outcome)
  await settled()
}
const changesOf = (place: number) =>
  sent[place]?.batch.changes.map(({ before, after }) => [
    before && 'x' in before ? before.x : null,
    after && 'x' in after ? after.x : null,
  ])

describe('the autosave pump', () => {
  it('gathers a burst into one save, well under a second after the last change', async () => {
    pump.push([move(0, 1)])
    await clock.pass(DEBOUNCE_MS - 1)
    pump.push([move(1, 2)])
    await clock.pass(DEBOUNCE_MS - 1)
    expect(sent).toHaveLength(0)
    await clock.pass(1)
    expect(changesOf(0)).toEqual([[0, 2]])
    expect(pump.state).toEqual({ at: 'saving', changes: 1 })
    await answer(0)
    expect(pump.state).toEqual({ at: 'saved' })
    expect(DEBOUNCE_MS).toBeLessThan(500)
  })

  it('has one save in flight, and sends what came meanwhile right after it', async () => {
    pump.push([move(0, 1)])
    pump.flush()
    pump.push([move(1, 2)])
    pump.push([move(2, 3)])
    await clock.pass(10_000)
    expect(sent).toHaveLength(1)
    await answer(0)
    expect(changesOf(1)).toEqual([[1, 3]])
  })

  it('sends nothing when the changes cancel out', async () => {
    pump.push([move(0, 1)])
    pump.push([move(1, 0)])
    await clock.pass(5_000)
    expect(sent).toHaveLength(0)
    expect(pump.state).toEqual({ at: 'saved' })
  })

  it('keeps in the browser what the server does not have, until it does', async () => {
    pump.push([move(0, 1)])
    expect(kept.at(-1)).toEqual({ sent: [], waiting: [move(0, 1)] })
    pump.flush()
    expect(kept.at(-1)).toEqual({
      sent: [{ operationId: 'operation-1', changes: [move(0, 1)] }],
      waiting: [],
    })
    await answer(0)
    expect(kept.at(-1)).toBeNull()
  })

  it('tries again with growing pauses, under the same id, and says how much waits', async () => {
    pump.push([move(0, 1)])
    pump.flush()
    await answer(0, { kind: 'unreachable' })
    expect(pump.state).toEqual({ at: 'offline', changes: 1 })
    for (const [attempt, pause] of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].entries()) {
      await clock.pass(pause - 1)
      expect(sent).toHaveLength(attempt + 1)
      await clock.pass(1)
      await answer(attempt + 1, { kind: 'unreachable' })
    }
    pump.push([changeBox(null, aBox([anExpression()]))])
    expect(pump.state).toEqual({ at: 'offline', changes: 2 })
    expect(new Set(sent.map(({ batch }) => batch.operationId))).toEqual(new Set(['operation-1']))
    pump.flush()
    await answer(8)
    expect(sent[9]?.batch.operationId).toBe('operation-2')
  })

  it('treats a save that throws as an unreachable server', async () => {
    const failing = new AutosavePump({
      save: () => Promise.reject(new Error('broken')),
      keep: () => undefined,
      onState: () => undefined,
      onSaved: () => undefined,
      onConflict: () => undefined,
      newOperationId: () => 'operation',
      clock,
    })
    failing.push([move(0, 1)])
    failing.flush()
    await settled()
    expect(failing.state).toEqual({ at: 'offline', changes: 1 })
  })

  it('stands still at a conflict, gathers on, and goes on with what it is given', async () => {
    pump.push([move(0, 1)])
    pump.flush()
    await answer(0, { kind: 'conflict' })
    pump.push([move(1, 2)])
    await clock.pass(60_000)
    expect([conflicts, sent.length]).toEqual([1, 1])
    expect(pump.state).toEqual({ at: 'conflict', changes: 1 })
    expect(pump.unsaved).toEqual([move(0, 2)])
    pump.restart([move(7, 2)])
    expect(changesOf(1)).toEqual([[7, 2]])
    expect(sent[1]?.batch.operationId).toBe('operation-2')
  })

  it('stands still at a refusal with the words of the server', async () => {
    pump.push([move(0, 1)])
    pump.flush()
    await answer(0, { kind: 'refused', message: 'Box b_1 lies outside the image.' })
    expect(pump.state).toEqual({ at: 'refused', changes: 1, message: 'Box b_1 lies outside the image.' })
    await clock.pass(60_000)
    expect(sent).toHaveLength(1)
    pump.restart([])
    expect(pump.state).toEqual({ at: 'saved' })
  })

  it('says why a server that answers cannot save, and tries again until it can', async () => {
    pump.push([move(0, 1)])
    pump.flush()
    await answer(0, { kind: 'storage', problem: 'diskFull' })
    expect(pump.state).toEqual({ at: 'storage', changes: 1, problem: 'diskFull' })
    await clock.pass(1_000)
    await answer(1)
    expect(pump.state).toEqual({ at: 'saved' })
  })

  it('goes on with what an earlier visit left, first what was sent, under its old id', async () => {
    pump.resume([
      { operationId: 'from-before', changes: [move(0, 1)] },
      { operationId: 'from-there', changes: [move(1, 2)] },
    ])
    expect(sent[0]?.batch.operationId).toBe('from-before')
    await answer(0)
    expect(changesOf(1)).toEqual([[1, 2]])
    await answer(1)
    expect(pump.state).toEqual({ at: 'saved' })
  })
})
