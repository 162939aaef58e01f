import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { moveRun } from './lifecycle.ts'
import { processStart } from './process-identity.ts'
import { reconcile } from './reconcile.ts'
import { newSupervision } from './supervision.ts'

let studio: TestStudio
let runId: string

beforeEach(async () => {
  studio = await testStudio()
  const owner = await seedUser(studio, { isOwner: true })
  const project = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
  const versionId = await seedVersion(studio, owner, project.id, { train: 1, val: 1 })
  const modelFolder = seedModelFolder(studio, 'base')
  runId = await seedRun(studio, owner, project.id, { modelFolder, versionId })
})
afterEach(() => studio.dispose())

it('does not believe a pid that now belongs to another process, and does not touch that process', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const pid = stranger.pid ?? 0
  const facts = { pid, pidStartedAt: 'another start', startedAt: new Date(), stopRequest: 'now' }
  await studio.db.run.update({ where: { id: runId }, data: { ...facts, status: 'stopping' } })
  await reconcile(newSupervision(studio, 'w_test', []))
  const run = await studio.db.run.findUniqueOrThrow({ where: { id: runId } })
  expect(run.status).toBe('stopped')
  expect(await processStart(pid)).not.toBeNull()
  stranger.kill('SIGKILL')
})

it('tells a lost run from one that never wrote a checkpoint', async () => {
  const facts = { pid: 999_999_999, pidStartedAt: 'long ago', startedAt: new Date() }
  await studio.db.run.update({ where: { id: runId }, data: { ...facts, status: 'running' } })
  await reconcile(newSupervision(studio, 'w_test', []))
  const run = await studio.db.run.findUniqueOrThrow({ where: { id: runId } })
  expect(run.status).toBe('lost')
  expect(JSON.parse(run.reason ?? '')).toEqual({ code: 'lost', signal: null, checkpointStep: null })
})

it('leaves the runs of another living worker alone', async () => {
  const beat = { pid: process.pid, startedAt: new Date(), beatAt: new Date(), devices: [] }
  await studio.db.workerHeartbeat.create({ data: { id: 'w_other', ...beat } })
  const facts = { pid: 999_999_999, pidStartedAt: 'long ago', claimedBy: 'w_other' }
  await studio.db.run.update({ where: { id: runId }, data: { ...facts, status: 'running' } })
  await reconcile(newSupervision(studio, 'w_test', []))
  expect(await studio.db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({ status: 'running' })
})

it('lets one of two moves win', async () => {
  const moves = await Promise.all([
    moveRun(studio.db, runId, 'queued', 'starting'),
    moveRun(studio.db, runId, 'queued', 'starting'),
  ])
  expect(moves.sort()).toEqual([false, true])
})

it('refuses a move that the table does not have', async () => {
  await expect(moveRun(studio.db, runId, 'queued', 'succeeded')).rejects.toThrow('cannot move from queued')
})
