import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Tile, tilePath } from '../../../server/contracts/tiles.ts'
import { TileStore } from './tile-store.ts'

const row = (length: number, level = 0): Tile[] =>
  Array.from({ length }, (_, column) => ({ level, column, row: 0 }))

/** A server that answers when it is told to. */
function server() {
  const asked: { tile: Tile; signal: AbortSignal; arrive: () => void; fail: () => void }[] = []
  const closed: string[] = []
  const changes = vi.fn()
  const store = new TileStore({
    load: (tile, signal) =>
      new Promise<{ close: () => void }>((resolve, reject) => {
        const pixels = { close: () => void closed.push(tilePath(tile)) }
        asked.push({ tile, signal, arrive: () => resolve(pixels), fail: () => reject(new Error('gone')) })
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      }),
    onChange: changes,
  })
  const settle = () => vi.advanceTimersByTimeAsync(0)
  const arriveAll = async () => {
    for (let place = 0; place < asked.length; place += 1) {
      asked[place]?.arrive()
      await settle()
    }
  }
  return { store, asked, closed, changes, settle, arriveAll }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the tiles at hand', () => {
  it('are loaded a few at a time, the most urgent first, and each is announced', async () => {
    const { store, asked, changes, arriveAll } = server()
    store.want(row(7))
    expect(asked.map(({ tile }) => tile.column)).toEqual([0, 1, 2])
    await arriveAll()
    expect(asked.map(({ tile }) => tile.column)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(changes).toHaveBeenCalledTimes(7)
    expect(row(7).every((tile) => store.get(tile))).toBe(true)
  })

  it('do not include what has gone out of sight before it came', async () => {
    const { store, asked, settle } = server()
    store.want(row(3))
    store.want(row(1, 1))
    expect(asked.slice(0, 3).every(({ signal }) => signal.aborted)).toBe(true)
    await settle()
    expect(asked.at(-1)?.tile).toEqual({ level: 1, column: 0, row: 0 })
    asked.at(-1)?.arrive()
    await settle()
    expect(store.get({ level: 0, column: 0, row: 0 })).toBeUndefined()
    expect(store.get({ level: 1, column: 0, row: 0 })).toBeDefined()
  })

  it('are bounded: those looked at last stay, the memory of the others is given back', async () => {
    const { store, closed, arriveAll } = server()
    store.want(row(60))
    await arriveAll()
    store.get({ level: 0, column: 0, row: 0 })
    store.want(row(20, 1))
    await arriveAll()
    store.want(row(20, 1))
    expect(closed).toHaveLength(60 + 20 - 64)
    expect(closed).not.toContain('tiles/0/0_0')
    expect(closed[0]).toBe('tiles/0/1_0')
    store.clear()
    expect(new Set(closed).size).toBe(80)
  })

  it('never drop what is in sight, however much that is', async () => {
    const { store, closed, arriveAll } = server()
    store.want(row(150))
    await arriveAll()
    store.want(row(150))
    expect(closed).toEqual([])
  })

  it('are asked for again some seconds after one did not arrive', async () => {
    const { store, asked, settle } = server()
    store.want(row(1))
    asked[0]?.fail()
    await settle()
    store.want(row(1))
    expect(asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(asked).toHaveLength(2)
  })
})
