import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { FetchFailure } from '../contracts/fetch-event.ts'
import { TaskPayload, TaskProgress, TaskStatus } from '../contracts/worker.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { fetchFiles } from './fetch-files.ts'

type FetchPayload = Extract<TaskPayload, { kind: 'fetch-model' }>

/** A fetch that is not over, or that ended without its model. */
export interface FetchCard extends Pick<FetchPayload, 'source' | 'repository' | 'revision' | 'folder'> {
  id: string
  status: TaskStatus
  progress: TaskProgress | null
  failure: FetchFailure | null
}

/** The newest fetch of each folder that has not succeeded, the newest first. */
export async function listFetches({ db }: Studio): Promise<FetchCard[]> {
  const rows = await db.task.findMany({
    where: { kind: 'fetch-model' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, payload: true, status: true, progress: true, reason: true },
  })
  const seen = new Set<string>()
  return rows.flatMap((row) => {
    const payload = TaskPayload.parse(row.payload)
    if (payload.kind !== 'fetch-model' || seen.has(payload.folder)) return []
    seen.add(payload.folder)
    const { source, repository, revision, folder } = payload
    const status = TaskStatus.parse(row.status)
    if (status === 'succeeded') return []
    return [
      {
        ...{ id: row.id, source, repository, revision, folder, status },
        progress: row.progress === null ? null : TaskProgress.parse(row.progress),
        failure: row.reason === null ? null : failureOf(row.reason),
      },
    ]
  })
}

/** What a rule of ours refused after the fetch is plain text. */
function failureOf(reason: string): FetchFailure {
  try {
    return FetchFailure.parse(JSON.parse(reason))
  } catch {
    return { code: 'failed', message: reason, whatToDo: '', copyByHand: null }
  }
}

const LOOK_EVERY_MS = 500

/** The fetches whenever something about them has changed. */
export async function* liveFetches(studio: Studio, signal: AbortSignal): AsyncGenerator<FetchCard[]> {
  let shown = ''
  while (!signal.aborted) {
    const fetches = await listFetches(studio)
    const state = JSON.stringify(fetches)
    if (state !== shown) yield fetches
    shown = state
    // The page was left: that is how every subscription ends, not an error.
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}

/**
 * Ends a fetch; what was loaded stays, so that asking for the same model goes on.
 * @throws StudioError NOT_FOUND, or WRONG_STATE when it is over
 */
export async function cancelFetch({ db }: Studio, taskId: string): Promise<void> {
  await write(db, async (tx) => {
    const where = { id: taskId, kind: 'fetch-model' }
    const ended = { status: 'cancelled', endedAt: new Date() }
    if ((await tx.task.updateMany({ where: { ...where, status: 'queued' }, data: ended })).count > 0) return
    const asked = await tx.task.updateMany({
      where: { ...where, status: { in: ['running', 'cancelling'] } },
      data: { status: 'cancelling' },
    })
    if (asked.count > 0) return
    if ((await tx.task.count({ where })) === 0) throw noSuchFetch()
    throw new StudioError('WRONG_STATE', { message: 'This fetch is over already.' })
  })
}

/**
 * Forgets a fetch that did not succeed, with all that was loaded.
 * @throws StudioError NOT_FOUND, or WRONG_STATE while it goes on
 */
export async function discardFetch({ db, paths }: Studio, taskId: string): Promise<void> {
  const row = await db.task.findFirst({
    where: { id: taskId, kind: 'fetch-model' },
    select: { payload: true, status: true },
  })
  const payload = row && TaskPayload.parse(row.payload)
  if (payload?.kind !== 'fetch-model') throw noSuchFetch()
  if (!['failed', 'cancelled'].includes(row?.status ?? '')) {
    throw new StudioError('WRONG_STATE', { message: 'Cancel the fetch before you throw it away.' })
  }
  const { partial, log } = fetchFiles(paths, payload.folder)
  await rm(partial, { recursive: true, force: true })
  await rm(log, { force: true })
  const all = await db.task.findMany({
    where: { kind: 'fetch-model', status: { in: ['failed', 'cancelled'] } },
    select: { id: true, payload: true },
  })
  const same = all.filter((task) => {
    const other = TaskPayload.parse(task.payload)
    return other.kind === 'fetch-model' && other.folder === payload.folder
  })
  await db.task.deleteMany({ where: { id: { in: same.map(({ id }) => id) } } })
}

function noSuchFetch(): StudioError {
  return new StudioError('NOT_FOUND', { message: 'There is no such fetch any more.' })
}
