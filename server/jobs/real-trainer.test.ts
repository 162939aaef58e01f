import { existsSync, mkdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { RunId } from '../contracts/ids.ts'
import { RunConfig } from '../contracts/run-config.ts'
import { env } from '../env.ts'
import { BUNDLED_FOLDER, baseBundleFolder } from '../models/model-folder.ts'
import { register } from '../models/register-models.ts'
import { resumeRun } from '../runs/resume-run.ts'
import { findRun } from '../runs/run-card.ts'
import { newestTask, queueTask } from './queue-task.ts'
import { waitFor } from './testing/wait-for.ts'
import { eventsOf, startWorker, type WorkerProcess, waitForStatus } from './testing/worker-process.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 })

let studio: TestStudio
let worker: WorkerProcess | undefined
beforeEach(async () => {
  studio = await testStudio()
})
afterEach(async () => {
  await worker?.end('SIGKILL')
  await studio.dispose()
})

it.skipIf(!existsSync(env.python))(
  'kills the real trainer in the middle, resumes it from its checkpoint, and predicts with the result',
  async () => {
    const owner = await seedUser(studio, { isOwner: true })
    const project = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
    const versionId = await seedVersion(studio, owner, project.id, { train: 6, val: 2 })
    await pretendTheBaseIsExported()
    const options = { modelFolder: BUNDLED_FOLDER, versionId, epochs: 10, batchSize: 2 }
    const id = await seedRun(studio, owner, project.id, options)
    await skipTheSlowParts(id)

    worker = startWorker(studio, { python: env.python })
    await waitFor('a checkpoint', async () => (await findRun(studio, id)).checkpointStep !== null, 180)
    const { pid } = await studio.db.run.findUniqueOrThrow({ where: { id } })
    process.kill(pid ?? 0, 'SIGKILL')
    const lost = await waitForStatus(studio, id, 'lost')
    expect(lost.reason).toMatchObject({ code: 'lost', signal: 'SIGKILL', checkpointStep: 10 })

    await resumeRun(studio.db, id)
    await waitForStatus(studio, id, 'succeeded', 240)
    const steps = (await eventsOf(studio, id)).flatMap((event) => (event.type === 'step' ? event.step : []))
    const restart = steps.findIndex((step, index) => index > 0 && step <= (steps[index - 1] ?? 0))
    expect(restart === -1 || steps[restart] === 11).toBe(true)
    expect([...new Set(steps)].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
    const { artefacts } = await findRun(studio, id)
    expect(artefacts.map(({ kind }) => kind).sort()).toEqual(['adapter', 'merged'])
    expect(artefacts.find(({ kind }) => kind === 'merged')?.files.map(({ file }) => file)).toContain(
      'model.safetensors',
    )

    const payload = { kind: 'predict', runId: RunId.parse(id), model: 'tuned' } as const
    await queueTask(studio.db, payload)
    await waitFor(
      'the predictions',
      async () => (await newestTask(studio.db, payload))?.status === 'succeeded',
      180,
    )
    const predictions = await studio.db.prediction.findMany({ where: { runId: id } })
    expect(predictions.map(({ expression, source, model }) => [expression, source, model])).toEqual([
      ['red square', 'server', 'tuned'],
      ['red square', 'server', 'tuned'],
    ])
  },
)

async function pretendTheBaseIsExported(): Promise<void> {
  const base = { folder: BUNDLED_FOLDER, stored: BUNDLED_FOLDER, source: 'folder' as const }
  mkdirSync(baseBundleFolder(studio.paths, await register(studio, base)), { recursive: true })
}

/** The browser export takes a minute and has tests of its own. */
async function skipTheSlowParts(id: string): Promise<void> {
  const { config } = await studio.db.run.findUniqueOrThrow({ where: { id }, select: { config: true } })
  const stored = RunConfig.parse(config)
  const shorter: RunConfig = {
    ...stored,
    artefacts: ['adapter', 'merged'],
    evaluate: { ...stored.evaluate, every_steps: 0, max_new_tokens: 16 },
  }
  await studio.db.run.update({ where: { id }, data: { config: shorter } })
}
