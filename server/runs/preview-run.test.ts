import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { BaseModelId, ProjectId, VersionId } from '../contracts/ids.ts'
import { StartRun } from '../contracts/run.ts'
import { register } from '../models/register-models.ts'
import { previewRun } from './preview-run.ts'

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
    expect(preview).toMatchObject({ samples: 3, valSamples: 2, steps: 8 })
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
