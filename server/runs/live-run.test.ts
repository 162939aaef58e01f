import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { isTrackedEnvelope } from '@trpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { RunId } from '../contracts/ids.ts'
import { moveRun } from '../jobs/lifecycle.ts'
import { readLog } from './live-log.ts'
import { type LiveMessage, liveRun } from './live-run.ts'
import { runFiles } from './run-files.ts'

let studio: TestStudio
let owner: Viewer
let runId: RunId
let stop: AbortController

beforeEach(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  const project = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
  const versionId = await seedVersion(studio, owner, project.id, { train: 1, val: 1 })
  const modelFolder = seedModelFolder(studio, 'base')
  runId = RunId.parse(await seedRun(studio, owner, project.id, { modelFolder, versionId }))
  await mkdir(runFiles(studio.paths, runId).folder)
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await studio.dispose()
})

const line = (seq: number) =>
  `${JSON.stringify({ type: 'checkpoint', seq, time: '2026-11-22T10:00:00.000Z', step: seq, path: 'x' })}\n`

/** Messages until one fits. */
async function until(from: number, isLast: (message: LiveMessage) => boolean) {
  const seen: { position: number; message: LiveMessage }[] = []
  for await (const item of liveRun(studio, runId, from, stop.signal)) {
    seen.push(item)
    if (isLast(item.message)) return seen
  }
  throw new Error('The stream ended.')
}

const seqs = (messages: { message: LiveMessage }[]) =>
  messages.flatMap(({ message }) => (message.kind === 'events' ? message.events.map(({ seq }) => seq) : []))
const hasSeq = (wanted: number) => (message: LiveMessage) =>
  message.kind === 'events' && message.events.some(({ seq }) => seq === wanted)

describe('following a run', () => {
  it('begins with what there is and goes on at the place where the connection broke', async () => {
    const { events } = runFiles(studio.paths, runId)
    await writeFile(events, line(0) + line(1))
    const before = await until(0, hasSeq(1))
    expect(seqs(before)).toEqual([0, 1])
    await appendFile(events, line(2))
    const after = await until(before.at(-1)?.position ?? 0, hasSeq(2))
    expect(seqs(after)).toEqual([2])
  })

  it('tells when the status changes, though no event was written', async () => {
    const waiting = until(0, (message) => message.kind === 'run' && message.run.status === 'starting')
    await moveRun(studio.db, runId, 'queued', 'starting')
    const messages = await waiting
    expect(messages.at(-1)?.message).toMatchObject({ kind: 'run', run: { id: runId } })
  })

  it('reports a line that is no event and shows the others', async () => {
    const { events } = runFiles(studio.paths, runId)
    await writeFile(events, `${line(0)}{"type":"nonsense"}\nhalf a{\n${line(1)}`)
    const messages = await until(0, hasSeq(1))
    expect(messages.at(-1)?.message).toMatchObject({ kind: 'events', skipped: 2 })
  })

  it('over the procedure numbers its messages by the byte they end at', async () => {
    const { events } = runFiles(studio.paths, runId)
    await writeFile(events, line(0))
    const stream = await studio.as(owner).runs.events({ runId })
    for await (const item of stream) {
      // The caller hands out what the transport gets: id and message in one envelope.
      if (!isTrackedEnvelope<LiveMessage>(item)) throw new Error('The message carries no id.')
      const [id, message] = item
      if (message.kind !== 'events') continue
      expect(id).toBe(String(Buffer.byteLength(line(0))))
      break
    }
  })

  it('is refused to a stranger', async () => {
    const stranger = await seedUser(studio)
    const stream = await studio.as(stranger).runs.events({ runId })
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the log', () => {
  it('is read from its end in whole lines, and backwards from there without a gap', async () => {
    const { log } = runFiles(studio.paths, runId)
    const all = Array.from({ length: 5_000 }, (_, index) => `line ${index} of the trainer`)
    await writeFile(log, `${all.join('\n')}\n`)
    const collected: string[] = []
    let end: number | null = null
    do {
      const piece = await readLog(studio, runId, end)
      collected.unshift(...piece.lines)
      end = piece.start
    } while (end > 0)
    expect(collected).toEqual(all)
  })

  it('shows of a progress bar what was to be seen last', async () => {
    await writeFile(runFiles(studio.paths, runId).log, ' 10%\r 50%\r100%\ndone\r\n')
    expect((await readLog(studio, runId, null)).lines).toEqual(['100%', 'done'])
  })
})
