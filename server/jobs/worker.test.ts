import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { baseBundleFolder } from '../models/model-folder.ts'
import { register } from '../models/register-models.ts'
import { resumeRun } from '../runs/resume-run.ts'
import { runFiles } from '../runs/run-files.ts'
import { stopRun } from '../runs/stop-run.ts'
import { processStart } from './process-identity.ts'
import { waitFor } from './testing/wait-for.ts'
import {
  eventsOf,
  launches,
  startWorker,
  type WorkerProcess,
  waitForStatus,
} from './testing/worker-process.ts'

// Each case starts real processes; on a busy machine a worker alone takes a quarter of a minute to come up.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

let studio: TestStudio
let owner: Viewer
let projectId: string
let versionId: string
let workers: WorkerProcess[]

beforeEach(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  projectId = (await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })).id
  versionId = await seedVersion(studio, owner, projectId, { train: 2, val: 1 })
  workers = []
})

afterEach(async () => {
  await Promise.all(workers.map(({ end }) => end('SIGKILL')))
  const runs = await studio.db.run.findMany({ where: { pid: { gt: 0 } }, select: { pid: true } })
  for (const { pid } of runs) if (pid !== null && (await processStart(pid))) process.kill(pid, 'SIGKILL')
  await studio.dispose()
})

function worker(options: { python?: string } = {}): WorkerProcess {
  const started = startWorker(studio, options)
  workers.push(started)
  return started
}

/** A run whose trainer behaves as named; see testing/trainer-double.mjs. */
async function run(behaviour: string): Promise<string> {
  const modelFolder = seedModelFolder(studio, behaviour, { 'behaviour.txt': behaviour })
  const base = { folder: modelFolder, stored: modelFolder, source: 'folder' as const }
  // A base that has its browser bundle, so that only the run itself starts a process.
  mkdirSync(baseBundleFolder(studio.paths, await register(studio, base)), { recursive: true })
  return seedRun(studio, owner, projectId, { modelFolder, versionId })
}

function tellToGoOn(runId: string): void {
  writeFileSync(path.join(runFiles(studio.paths, runId).folder, 'go'), '')
}

describe('a worker that ends', () => {
  it('is followed by one that finds the living run again and does not start it twice', async () => {
    const id = await run('finishes-when-told')
    const first = worker()
    const before = await waitForStatus(studio, id, 'running')
    await first.end('SIGKILL')
    worker()
    await waitFor('the new worker to adopt the run', async () => {
      const { claimedBy } = await studio.db.run.findUniqueOrThrow({ where: { id } })
      return claimedBy !== before.claimedBy
    })
    tellToGoOn(id)
    const after = await waitForStatus(studio, id, 'succeeded')
    expect(before.pid).toBeGreaterThan(0)
    expect(after.pid).toBeNull()
    expect(await launches(studio, id)).toBe(1)
  })

  it('leaves its runs alone when it is asked to end politely', async () => {
    const id = await run('finishes-when-told')
    const first = worker()
    const { pid } = await waitForStatus(studio, id, 'running')
    await first.end('SIGTERM')
    expect(await processStart(pid ?? 0)).not.toBeNull()
    expect(await studio.db.workerHeartbeat.count()).toBe(0)
  })

  it('and misses the end of a run is corrected from what the trainer wrote', async () => {
    const [good, bad] = [await run('finishes-when-told'), await run('fails-when-told')]
    await studio.db.run.update({ where: { id: bad }, data: { device: 'cuda:7' } })
    const first = worker()
    const { pid } = await waitForStatus(studio, good, 'running')
    await first.end('SIGKILL')
    tellToGoOn(good)
    await waitFor('the trainer to end unseen', async () => (await processStart(pid ?? 0)) === null)
    worker()
    expect(await waitForStatus(studio, good, 'succeeded')).toMatchObject({ reason: null, exitCode: null })

    await studio.db.run.update({ where: { id: bad }, data: { device: 'cpu' } })
    const second = await waitForStatus(studio, bad, 'running')
    await workers[1]?.end('SIGKILL')
    tellToGoOn(bad)
    await waitFor('the trainer to end unseen', async () => (await processStart(second.pid ?? 0)) === null)
    worker()
    const { reason } = await waitForStatus(studio, bad, 'failed')
    expect(reason).toMatchObject({ code: 'trainer', kind: 'out_of_memory', whatToDo: 'Lower the batch.' })
  })

  it('between taking a run and starting its process leaves a run that the next one starts', async () => {
    const id = await run('finishes')
    const claim = { status: 'starting', claimedBy: 'w_dead', startedAt: new Date() }
    await studio.db.run.update({ where: { id }, data: claim })
    worker()
    await waitForStatus(studio, id, 'succeeded')
    expect(await launches(studio, id)).toBe(1)
  })

  it('before it could write the process down leaves one that is found by its arguments', async () => {
    const id = await run('finishes-when-told')
    const startedAt = new Date()
    const files = runFiles(studio.paths, id)
    const { config } = await studio.db.run.findUniqueOrThrow({ where: { id } })
    mkdirSync(files.folder)
    writeFileSync(files.config, JSON.stringify(config))
    const note = { claim: startedAt.toISOString(), events_offset: 0, resume: false, command: [] }
    writeFileSync(files.launch, JSON.stringify(note))
    const double = path.join(import.meta.dirname, 'testing/trainer-double.mjs')
    const args = ['-m', 'refbox_trainer', 'train', files.config, '--out', files.folder]
    const orphan = spawn(double, args, { detached: true, stdio: 'ignore' })
    await studio.db.run.update({
      where: { id },
      data: { status: 'starting', claimedBy: 'w_dead', startedAt },
    })
    worker()
    expect(await waitForStatus(studio, id, 'running')).toMatchObject({ pid: orphan.pid })
    tellToGoOn(id)
    await waitForStatus(studio, id, 'succeeded')
    expect(await launches(studio, id)).toBe(1)
  })
})

describe('a trainer that ends', () => {
  it('in the middle of a line is lost, and resumes from its checkpoint', async () => {
    const id = await run('dies-in-a-line')
    worker()
    const { reason } = await waitForStatus(studio, id, 'lost')
    expect(reason).toEqual({ code: 'lost', signal: 'SIGKILL', checkpointStep: 1 })
    await resumeRun(studio.db, id)
    expect(await waitForStatus(studio, id, 'succeeded')).toMatchObject({ reason: null })
  })

  it('with an exit code and no word fails with that code', async () => {
    const id = await run('exits-with-3')
    worker()
    expect(await waitForStatus(studio, id, 'failed')).toMatchObject({
      exitCode: 3,
      reason: { code: 'exit', exitCode: 3, checkpointStep: null },
    })
  })

  it('before it starts, because the check found problems, fails with all of them', async () => {
    const id = await run('check-finds-problems')
    worker()
    const { reason } = await waitForStatus(studio, id, 'failed')
    expect(reason?.code === 'check' && reason.problems.map(({ message }) => message)).toEqual([
      'Problem 1.',
      'Problem 2.',
    ])
    expect(await launches(studio, id)).toBe(0)
  })

  it('before it starts, because there is no Python, says so', async () => {
    const id = await run('finishes')
    worker({ python: '/nowhere/python' })
    const { reason } = await waitForStatus(studio, id, 'failed')
    expect(reason).toMatchObject({ code: 'launch', message: expect.stringContaining('/nowhere/python') })
  })
})

describe('a stop', () => {
  it('lets the trainer save', async () => {
    const id = await run('saves-when-asked')
    worker()
    await waitForStatus(studio, id, 'running')
    await stopRun(studio.db, id, 'save')
    expect(await waitForStatus(studio, id, 'stopped')).toMatchObject({
      exitCode: 0,
      reason: { code: 'stoppedSaved', checkpointStep: 2 },
    })
  })

  it('at once ends also a trainer that does not listen', async () => {
    const id = await run('does-not-listen')
    worker()
    const { pid } = await waitForStatus(studio, id, 'running')
    await stopRun(studio.db, id, 'save')
    await waitFor('the trainer to ignore it', async () =>
      (await eventsOf(studio, id)).some((event) => event.type === 'warning'),
    )
    expect(await processStart(pid ?? 0)).not.toBeNull()
    await stopRun(studio.db, id, 'now')
    const { reason } = await waitForStatus(studio, id, 'stopped')
    expect(reason).toEqual({ code: 'stoppedNow', checkpointStep: 1 })
    expect(await processStart(pid ?? 0)).toBeNull()
  })

  it('while the run is being checked leaves no process behind', async () => {
    const id = await run('check-hangs')
    worker()
    await waitForStatus(studio, id, 'starting')
    await stopRun(studio.db, id, 'save')
    const { reason } = await waitForStatus(studio, id, 'stopped')
    expect(reason).toEqual({ code: 'stoppedBeforeStart' })
    expect(await launches(studio, id)).toBe(0)
  })

  it('of a run in the queue needs no worker', async () => {
    const id = await run('finishes')
    await stopRun(studio.db, id, 'save')
    expect(await waitForStatus(studio, id, 'stopped')).toMatchObject({
      reason: { code: 'stoppedBeforeStart' },
    })
  })
})

describe('two workers', () => {
  it('start each of several runs once, one after the other', async () => {
    const ids = [await run('finishes'), await run('finishes'), await run('finishes')]
    worker()
    worker()
    const rows = []
    for (const id of ids) rows.push(await waitForStatus(studio, id, 'succeeded'))
    for (const id of ids) expect(await launches(studio, id)).toBe(1)
    const spans = rows.map(({ startedAt, endedAt }) => [startedAt?.getTime() ?? 0, endedAt?.getTime() ?? 0])
    for (const [index, [start]] of spans.entries()) {
      if (index > 0) expect(start).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0)
    }
  })
})
