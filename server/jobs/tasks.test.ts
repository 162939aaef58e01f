import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { BaseModelId } from '../contracts/ids.ts'
import type { TaskPayload } from '../contracts/worker.ts'
import { baseBundleFolder } from '../models/model-folder.ts'
import { register } from '../models/register-models.ts'
import { newestTask, queueTask } from './queue-task.ts'
import { waitFor } from './testing/wait-for.ts'
import { startWorker, type WorkerProcess } from './testing/worker-process.ts'

// Each case starts real processes; on a busy machine a worker alone takes a quarter of a minute to come up.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

let studio: TestStudio
let workers: WorkerProcess[]
beforeEach(async () => {
  studio = await testStudio()
  workers = []
})
afterEach(async () => {
  await Promise.all(workers.map(({ end }) => end('SIGKILL')))
  await studio.dispose()
})

function worker(): WorkerProcess {
  const started = startWorker(studio)
  workers.push(started)
  return started
}

/** The export of a base whose exporter behaves as named. */
async function anExport(
  behaviour: string,
): Promise<{ payload: TaskPayload; folder: string; bundle: string }> {
  const folder = seedModelFolder(studio, behaviour, { 'behaviour.txt': behaviour })
  const id = await register(studio, { folder, stored: folder, source: 'folder' })
  const payload = { kind: 'export-base' as const, baseModelId: BaseModelId.parse(id) }
  return { payload, folder, bundle: path.join(baseBundleFolder(studio.paths, id), 'manifest.json') }
}

function waitForTask(payload: TaskPayload, status: string) {
  return waitFor(`the task to be ${status}`, async () => {
    const task = await newestTask(studio.db, payload)
    return task?.status === status && task
  })
}

it('makes the bundle of a base once, however often it is asked for', async () => {
  const { payload, bundle } = await anExport('finishes')
  const [first, second] = await Promise.all([queueTask(studio.db, payload), queueTask(studio.db, payload)])
  expect(first.id).toBe(second.id)
  worker()
  await waitForTask(payload, 'succeeded')
  expect(existsSync(bundle)).toBe(true)
})

it('says why a bundle could not be made, and leaves no half of it', async () => {
  const { payload, bundle } = await anExport('fails')
  await queueTask(studio.db, payload)
  worker()
  const { reason } = await waitForTask(payload, 'failed')
  expect(reason).toContain('The weights do not fit.')
  expect(reason).toContain('exit code 2')
  expect(existsSync(bundle)).toBe(false)
})

it('goes on with the work of a worker that was killed, without a second process beside the first', async () => {
  const { payload, folder, bundle } = await anExport('finishes-when-told')
  await queueTask(studio.db, payload)
  const first = worker()
  await waitFor('the export to begin', async () => existsSync(path.join(folder, 'exports.txt')))
  const before = await waitFor('its number to be noted', () =>
    studio.db.task.findFirst({ where: { pid: { gt: 0 } } }),
  )
  await first.end('SIGKILL')
  worker()
  await waitFor('the new worker to adopt it', async () => {
    const task = await studio.db.task.findUniqueOrThrow({ where: { id: before.id } })
    return task.claimedBy !== before.claimedBy
  })
  expect(readFileSync(path.join(folder, 'exports.txt'), 'utf8').trim().split('\n')).toHaveLength(1)
  writeFileSync(path.join(folder, 'go'), '')
  // Nobody saw how the first process ended, so the work is done again rather than trusted.
  await waitForTask(payload, 'succeeded')
  expect(existsSync(bundle)).toBe(true)
})
