// The worker process: takes runs and tasks from the queue, starts their processes and looks after them.
// It may end at any moment, also by kill -9: the processes go on, and the next worker finds them again.

import { runBulkEdits } from '../bulk-edits/run-edits.ts'
import { HEARTBEAT_SECONDS } from '../contracts/worker.ts'
import { newId } from '../db/ids.ts'
import { migrate } from '../db/migrate.ts'
import { registerModels } from '../models/register-models.ts'
import { openStudio } from '../studio.ts'
import { Bell } from './bell.ts'
import { claimNextRun } from './claim.ts'
import { detectDevices } from './devices.ts'
import { beat, endHeartbeat } from './heartbeat.ts'
import { reconcile } from './reconcile.ts'
import { reconcileTasks } from './reconcile-tasks.ts'
import { beginStart } from './start-process.ts'
import { newSupervision, type Supervision } from './supervision.ts'

/** Longest time between two looks; the end of one of our own processes wakes us at once. */
const LOOK_EVERY_MS = 1_000

const startedAt = new Date()
const studio = await openStudio()
await migrate(studio.paths.database)
const bell = new Bell()
const supervision = newSupervision(studio, newId('w'), await detectDevices(), () => bell.ring())
const heartbeat = { id: supervision.workerId, devices: supervision.devices }

let ending = false
let editing: Promise<void> | null = null
const editsEnd = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    ending = true
    bell.ring()
  })
}

await beat(studio.db, heartbeat, startedAt)
const pulse = setInterval(() => {
  beat(studio.db, heartbeat, startedAt).catch((error) => console.error('No heartbeat:', error))
}, HEARTBEAT_SECONDS * 1000)
await registerModels(studio)
console.info(`Worker ${heartbeat.id} is up: ${heartbeat.devices.map(({ id }) => id).join(', ')}.`)

while (!ending) {
  await look(supervision).catch((error) => console.error('The worker could not look after its runs:', error))
  await bell.wait(LOOK_EVERY_MS)
}

clearInterval(pulse)
await giveUpPreparing(supervision)
editsEnd.abort()
await editing
await endHeartbeat(studio.db, heartbeat.id)
await studio.db.$disconnect()
console.info('Worker has ended; runs that were going on go on.')
process.exit(0)

async function look(of: Supervision): Promise<void> {
  await reconcile(of)
  const devices = of.devices.map(({ id }) => id)
  for (;;) {
    const runId = await claimNextRun(of.studio.db, devices, of.workerId)
    if (runId === null) break
    beginStart(of, runId)
  }
  await reconcileTasks(of)
  editInBulk(of)
}

/** Beside everything else: a change over a whole project takes minutes, and runs must not wait for it. */
function editInBulk({ studio: { db }, workerId }: Supervision): void {
  editing ??= runBulkEdits(db, workerId, editsEnd.signal)
    .catch((error) => console.error('Changes over a project cannot be made now:', error))
    .finally(() => {
      editing = null
    })
}

/** What was being prepared stays `starting`; the next worker prepares it again from the beginning. */
async function giveUpPreparing({ preparing }: Supervision): Promise<void> {
  const all = [...preparing.values()]
  for (const { abort } of all) abort.abort()
  await Promise.all(all.map(({ finished }) => finished))
}
