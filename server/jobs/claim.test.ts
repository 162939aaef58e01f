import { afterEach, beforeEach, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { claimNextRun } from './claim.ts'

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

it('leaves a run alone whose card this worker does not have', async () => {
  await queue('cuda:7')
  const mine = await queue('cuda:1')
  expect([await claim(), await claim()]).toEqual([mine, null])
})
