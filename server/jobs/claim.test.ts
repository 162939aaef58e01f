import { afterEach, beforeEach, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { claimNextRun } from './claim.ts'
import { reconcileTasks } from './reconcile-tasks.ts'
import { newSupervision } from './supervision.ts'

const CARDS = ['cuda:0', 'cuda:1', 'cuda:2']

let studio: TestStudio
/** Puts a run that wants these devices at the end of the queue. */
let queue: (device: string) => Promise<string>
const claim = () => claimNextRun(studio.db, CARDS, 'w_1')
const end = (id: string) => studio.db.run.update({ where: { id }, data: { status: 'succeeded' } })

beforeEach(async () => {
  studio = await testStudio()
  const owner = await seedUser(studio)
  const project = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
  const versionId = await seedVersion(studio, owner, project.id, { train: 1, val: 0 })
  const modelFolder = seedModelFolder(studio, 'base')
  queue = async (device) => {
    const id = await seedRun(studio, owner, project.id, { modelFolder, versionId })
    await studio.db.run.update({ where: { id }, data: { device } })
    return id
  }
})
afterEach(() => studio.dispose())

it('starts a run on several cards when all of them are free, and lets nothing overtake it on one of them', async () => {
  const one = await queue('cuda:0')
  const two = await queue('cuda:0,cuda:1')
  const behind = await queue('cuda:1')
  const beside = await queue('cuda:2')
  expect([await claim(), await claim(), await claim()]).toEqual([one, beside, null])
  await end(one)
  expect([await claim(), await claim()]).toEqual([two, null])
  await end(two)
  expect(await claim()).toBe(behind)
})

it('does not start a run on a device that a prelabelling holds, nor the other way round', async () => {
  const prelabel = async (device: string, status: string) => {
    const payload = {
      ...{
        kind: 'prelabel',
        prelabelId: 'pl_1',
        projectId: 'p_1',
        model: { kind: 'base', baseModelId: 'm_1' },
      },
      ...{ modelName: 'Nano', device, images: 1, questions: 1, expressions: ['valve'] },
    }
    return studio.db.task.create({
      data: { id: `t_${device}`, kind: 'prelabel', payload, status },
    })
  }
  const task = await prelabel('cuda:0', 'running')
  const waits = await queue('cuda:0')
  const other = await queue('cuda:1')
  expect([await claim(), await claim()]).toEqual([other, null])
  await studio.db.task.update({ where: { id: task.id }, data: { status: 'succeeded' } })
  expect(await claim()).toBe(waits)

  const behind = await prelabel('cuda:1', 'queued')
  const look = async () => {
    await reconcileTasks(newSupervision(studio, 'w_1', []))
    return studio.db.task.findUniqueOrThrow({ where: { id: behind.id } })
  }
  expect((await look()).status).toBe('queued')
  await end(other)
  // It is taken now, and ends at once: its model is not there.
  expect(await look()).toMatchObject({ status: 'failed', reason: 'The base model was removed.' })
})

it('leaves a run alone whose card this worker does not have', async () => {
  await queue('cuda:7')
  const mine = await queue('cuda:1')
  expect([await claim(), await claim()]).toEqual([mine, null])
})
