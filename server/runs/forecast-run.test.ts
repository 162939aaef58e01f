import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { StartRun } from '../contracts/run.ts'
import { env } from '../env.ts'
import { BUNDLED_FOLDER } from '../models/model-folder.ts'
import { register } from '../models/register-models.ts'
import { forecastRun } from './forecast-run.ts'
import { runFiles } from './run-files.ts'
import { startRun } from './start-run.ts'

// The trainer is asked for real; it needs some seconds to come up.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

let studio: TestStudio
let owner: Viewer
let input: (folder: string) => Promise<StartRun>
const never = new AbortController().signal

beforeEach(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  const project = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
  const versionId = await seedVersion(studio, owner, project.id, { train: 4, val: 1 })
  input = async (folder) => {
    const baseModelId = await register(studio, { folder, stored: folder, source: 'folder' })
    const settings = { preset: 'lora', epochs: 3, batchSize: 2 }
    return StartRun.parse({ ...settings, projectId: project.id, versionId, baseModelId })
  }
})
afterEach(() => studio.dispose())

describe.skipIf(!existsSync(env.python))('the forecast of a run', () => {
  it('is the trainer’s own, and after a finished run it knows the time', async () => {
    const start = await input(BUNDLED_FOLDER)
    const first = await forecastRun(studio, start, never)
    if (!first.known) throw new Error(`Nothing is known: ${first.reason} ${first.message}`)
    const { estimate } = first
    expect(estimate.data.samples).toBe(4)
    expect(estimate.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(estimate.total_bytes)
    expect(estimate.time.steps).toBe(6)
    expect(first).toMatchObject({ seconds: null, problems: [] })

    await finish(await startRun(studio, start, owner.id))
    const again = await forecastRun(studio, start, never)
    // Six steps of two samples at half a sample a second: 24 s; the other 96 s of the two minutes were no steps.
    expect(again.known && again.seconds).toBeCloseTo(120, 3)
  })

  it('says in words why nothing is known, and invents no figure', async () => {
    const forecast = await forecastRun(studio, await input(seedModelFolder(studio, 'not-trainable')), never)
    expect(forecast).toMatchObject({ known: false, reason: 'refused' })
    expect(!forecast.known && forecast.message).not.toBe('')
  })

  it('ends its process when nobody waits for it any more', async () => {
    const leaving = new AbortController()
    const asked = forecastRun(studio, await input(BUNDLED_FOLDER), leaving.signal)
    leaving.abort()
    await expect(asked).rejects.toThrow(/abort/i)
  })
})

/** As if the worker had done it: two minutes, of which the steps were made at half a sample a second. */
async function finish(id: string): Promise<void> {
  const files = runFiles(studio.paths, id)
  await mkdir(files.folder, { recursive: true })
  const step = {
    type: 'step',
    seq: 0,
    time: '2026-11-22T10:00:00.000Z',
    step: 6,
    total_steps: 6,
    epoch: 3,
    loss: 1,
    learning_rate: 0,
    grad_norm: 1,
    tokens_per_second: 1,
    samples_per_second: 0.5,
    memory_bytes: 1,
    seconds_left: 0,
  }
  await writeFile(path.join(files.folder, 'events.jsonl'), `${JSON.stringify(step)}\n`)
  const [startedAt, endedAt] = [new Date('2026-11-22T10:00:00Z'), new Date('2026-11-22T10:02:00Z')]
  await studio.db.run.update({ where: { id }, data: { status: 'succeeded', startedAt, endedAt } })
}
