import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { seedImage } from '../../prisma/seed/images.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { BaseModelId, ProjectId } from '../contracts/ids.ts'
import { NormalisedBox } from '../contracts/prediction.ts'
import { env } from '../env.ts'
import { denormaliseBox } from '../grounding/coordinates.ts'
import { iou } from '../grounding/match.ts'
import { waitFor } from '../jobs/testing/wait-for.ts'
import { startWorker, type WorkerProcess } from '../jobs/testing/worker-process.ts'
import { BUNDLED_FOLDER } from '../models/model-folder.ts'
import { register } from '../models/register-models.ts'
import { blobPath } from '../storage/blobs.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

const SCENES = path.join(import.meta.dirname, '../../e2e/fixtures/scenes')

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
  'prelabels with the real trainer and the bundled base, and goes on when the worker is killed',
  async () => {
    const owner = await seedUser(studio, { isOwner: true })
    const made = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
    const projectId = ProjectId.parse(made.id)
    const base = { folder: BUNDLED_FOLDER, stored: BUNDLED_FOLDER, source: 'folder' as const }
    const baseModelId = BaseModelId.parse(await register(studio, base))
    const scene = (name: string) =>
      seedImage(studio, projectId, { fileName: name, bytes: readFileSync(path.join(SCENES, name)) })
    const red = await scene('red-capsule.png')
    const yellow = await scene('yellow-capsule.png')
    const lost = await scene('black-cloud.png')
    rmSync(blobPath(studio.paths, lost.sha256))

    const { suggestions } = studio.as(owner)
    const { taskId, questions } = await suggestions.prelabel({
      ...{ projectId, images: { filter: {} }, model: { kind: 'base', baseModelId } },
      expressions: [
        { kind: 'phrase', text: 'the red capsule' },
        { kind: 'phrase', text: 'the yellow capsule' },
      ],
    })
    expect(questions).toBe(6)
    worker = startWorker(studio, { python: env.python })
    const started = await waitFor(
      'the trainer to be started',
      () => studio.db.task.findFirst({ where: { id: taskId, pid: { gt: 0 } } }),
      60,
    )
    await worker.end('SIGKILL')
    worker = startWorker(studio, { python: env.python })
    const task = await waitFor(
      'the end',
      async () => {
        const row = await studio.db.task.findUniqueOrThrow({ where: { id: taskId } })
        return (row.status === 'succeeded' || row.status === 'failed') && row
      },
      180,
    )
    expect([task.status, task.reason]).toEqual(['succeeded', null])
    expect(started.claimedBy).not.toBeNull()

    const [card] = await suggestions.prelabels({ projectId })
    const { result } = card ?? {}
    expect(result?.refused).toEqual({
      count: 1,
      examples: [
        {
          imageId: lost.id,
          fileName: 'black-cloud.png',
          why: 'The stored file does not exist.',
        },
      ],
    })
    // Two images were asked for two things each; a question about what is not there may be answered either way.
    const answered = await studio.db.suggestion.findMany({ where: { image: { projectId } } })
    expect(answered.length + (result?.nothing ?? 0)).toBeGreaterThanOrEqual(4)
    expect(result?.suggestions).toBe(answered.length)
    const best = (imageId: string, text: string, size: { width: number; height: number }) =>
      answered
        .filter((each) => each.imageId === imageId && each.text === text)
        .map((each) => denormaliseBox(NormalisedBox.parse(each.box), size))[0] ?? ([0, 0, 0, 0] as const)
    expect(iou(best(red.id, 'the red capsule', red), [120, 193, 151, 205])).toBeGreaterThan(0.5)
    expect(iou(best(yellow.id, 'the yellow capsule', yellow), [109, 165, 251, 228])).toBeGreaterThan(0.5)
    for (const { score, modelName } of answered) {
      expect(score).toBeGreaterThan(0.2)
      expect(score).toBeLessThanOrEqual(1)
      expect(modelName).toBe('RefBox-Nano')
    }
    // Questions and answers are not kept.
    expect(existsSync(path.join(studio.paths.prelabels, taskId))).toBe(false)
    const { total } = await studio.as(owner).images.list({ projectId, filter: { suggestions: 'open' } })
    expect(total).toBe(2)
  },
)
