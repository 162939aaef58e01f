import { afterAll, beforeAll, expect, it } from 'vitest'
import { SimulatedServer } from './server.ts'
import { simulate } from './simulate.ts'

const SEEDS = 60

let server: SimulatedServer
beforeAll(async () => {
  server = await SimulatedServer.start()
})
afterAll(() => server.stop())

it('loses nothing when two or three people edit one image with cuts, restarts and closed tabs', async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) await simulate(server, seed)
  expect(SEEDS).toBeGreaterThan(0)
}, 120_000)
