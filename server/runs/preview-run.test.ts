import { mkdir, rm, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { BaseModelId, ProjectId, VersionId } from '../contracts/ids.ts'
import { StartRun } from '../contracts/run.ts'
import { register } from '../models/register-models.ts'
import { previewRun } from './preview-run.ts'
import { runFiles } from './run-files.ts'

let studio: TestStudio
let owner: Viewer
let projectId: string
let modelFolder: string

beforeEach(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  projectId = (await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })).id
  modelFolder = seedModelFolder(studio, 'base')
})
afterEach(() => studio.dispose())

async function input(versionId: string, given: Partial<StartRun> = {}): Promise<StartRun> {
  const id = await register(studio, { folder: modelFolder, stored: modelFolder, source: 'folder' })
  return StartRun.parse({
    preset: 'lora',
    ...given,
    projectId: ProjectId.parse(projectId),
    versionId: VersionId.parse(versionId),
    baseModelId: BaseModelId.parse(id),
  })
}

const codes = ({ problems }: { problems: { code: string }[] }) => problems.map(({ code }) => code)

describe('the preview of a run', () => {
  it('counts what will be used and held out, and writes nothing', async () => {
    const versionId = await seedVersion(studio, owner, projectId, { train: 3, val: 2 })
    const preview = await previewRun(studio, await input(versionId, { epochs: 4, batchSize: 2 }))
    expect(preview).toMatchObject({ samples: 3, valSamples: 2, steps: 8, basis: 'rough' })
    expect(codes(preview)).toEqual(expect.arrayContaining(['fewTrainSamples', 'workerDown']))
    expect(codes(preview)).not.toContain('noValSamples')
    expect(await studio.db.run.count()).toBe(0)
  })

  it('says that nothing is held out, and that a base is gone, which keeps it from starting', async () => {
    const versionId = await seedVersion(studio, owner, projectId, { train: 2, val: 0 })
    const start = await input(versionId)
    await rm(modelFolder, { recursive: true })
    const preview = await previewRun(studio, start)
    expect(preview.config.data.eval_meta).toBeNull()
    expect(preview.config.evaluate.max_samples).toBe(0)
    expect(codes(preview)).toEqual(expect.arrayContaining(['noValSamples', 'modelMissing']))
    await expect(studio.as(owner).runs.start(start)).rejects.toThrow(/modelMissing/)
  })

  it('warns of more tiles than the base knows and of a batch larger than the data', async () => {
    const versionId = await seedVersion(studio, owner, projectId, { train: 2, val: 1 })
    const preview = await previewRun(studio, await input(versionId, { maxDynamicPatch: 12, batchSize: 8 }))
    expect(codes(preview)).toEqual(expect.arrayContaining(['moreTiles', 'batch']))
  })

  it('measures itself by the last finished run on this machine', async () => {
    const versionId = await seedVersion(studio, owner, projectId, { train: 4, val: 1 })
    const id = await seedRun(studio, owner, projectId, { modelFolder, versionId, epochs: 5, batchSize: 4 })
    const files = runFiles(studio.paths, id)
    await mkdir(files.folder)
    const step = {
      type: 'step',
      seq: 0,
      time: '2026-11-22T10:00:00.000Z',
      step: 5,
      total_steps: 5,
      epoch: 5,
      loss: 1,
      learning_rate: 0,
      grad_norm: 1,
      tokens_per_second: 1,
      samples_per_second: 0.5,
      memory_bytes: 1,
      seconds_left: 0,
    }
    await writeFile(files.events, `${JSON.stringify(step)}\n`)
    const [startedAt, endedAt] = [new Date('2026-11-22T10:00:00Z'), new Date('2026-11-22T10:02:00Z')]
    await studio.db.run.update({ where: { id }, data: { status: 'succeeded', startedAt, endedAt } })
    const again = await previewRun(studio, await input(versionId, { epochs: 10, batchSize: 4 }))
    expect(again.basis).toBe('measured')
    // Twice the epochs of 20 samples at half a sample a second: 80 s, and the 80 s that were no steps.
    expect(again.seconds).toBeCloseTo(160, 0)
  })
})

describe('starting a run', () => {
  it('numbers the runs of a project and lines them up on their device', async () => {
    const versionId = await seedVersion(studio, owner, projectId, { train: 2, val: 1 })
    const caller = studio.as(owner)
    await caller.runs.start(await input(versionId))
    await caller.runs.start(await input(versionId, { name: 'second' }))
    const runs = await caller.runs.list({ projectId: ProjectId.parse(projectId) })
    expect(runs.map(({ number, name, status, preset }) => [number, name, status, preset])).toEqual([
      [2, 'second', 'queued', 'lora'],
      [1, '', 'queued', 'lora'],
    ])
    const second = await caller.runs.byId({ runId: runs[0]?.id as never })
    expect(second.queuedBefore).toBe(1)
    expect(second.config.model.path).not.toContain(studio.paths.root)
  })
})
