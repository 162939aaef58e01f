// Random days of two or three people on one image, against the real server: nothing may be lost.
// REFBOX_SEED=17 plays one seed, REFBOX_SEEDS=5000 that many, REFBOX_FIRST=60001 from there on.
import { SimulatedServer } from '../simulation/server.ts'
import { simulate } from '../simulation/simulate.ts'
import { report, timed } from './support/report.ts'

const { REFBOX_SEED, REFBOX_SEEDS = '200', REFBOX_FIRST = '1' } = process.env
const first = Number(REFBOX_SEED ?? REFBOX_FIRST)
const count = REFBOX_SEED ? 1 : Number(REFBOX_SEEDS)

const server = await SimulatedServer.start()
const failed: number[] = []
const total = { revisions: 0, questions: 0, heirs: 0 }
const { seconds } = await timed(async () => {
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      const day = await simulate(server, seed)
      for (const of of ['revisions', 'questions', 'heirs'] as const) total[of] += day[of]
    } catch (error) {
      failed.push(seed)
      console.error(error instanceof Error ? error.message : error)
    }
    if ((seed - first + 1) % 250 === 0) console.info(`${seed - first + 1} of ${count}`)
  }
})
await server.stop()
report(`Seeds ${first} to ${first + count - 1}`, [
  { name: 'random days of two or three people', seconds, count, unit: 'days' },
])
console.info(
  `  ${total.revisions} revisions, ${total.questions} conflicts decided, work of closed tabs taken up ${total.heirs} times`,
)
if (failed.length > 0) {
  console.error(`Something was lost with seed ${failed.join(', ')}.`)
  process.exitCode = 1
}
