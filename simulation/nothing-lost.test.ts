import { afterAll, beforeAll, expect, it } from 'vitest'
import { SimulatedServer } from './server.ts'
import { type Day, simulate } from './simulate.ts'

const SEEDS = 60

let server: SimulatedServer
beforeAll(async () => {
  server = await SimulatedServer.start()
})
afterAll(() => server.stop())

it('loses nothing when two or three people edit one image with cuts, restarts and closed tabs', async () => {
  const days: Day[] = []
  for (let seed = 1; seed <= SEEDS; seed += 1) days.push(await simulate(server, seed))
  const sum = (of: keyof Day) => days.reduce((total, day) => total + day[of], 0)
  // A day on which nothing happens loses nothing either.
  expect(sum('revisions')).toBeGreaterThan(3 * SEEDS)
  expect(sum('questions')).toBeGreaterThan(SEEDS / 4)
  expect(sum('heirs')).toBeGreaterThan(SEEDS / 4)
}, 180_000)
