import { rm } from 'node:fs/promises'
import { PrelabelResult } from '../contracts/suggestion.ts'
import { TaskPayload, TaskProgress, TaskStatus } from '../contracts/worker.ts'
import { write } from '../db/transaction.ts'
import { isStudioError, StudioError } from '../errors.ts'
import { withoutServerPaths } from '../runs/without-server-paths.ts'
import type { Studio } from '../studio.ts'
import { prelabelFiles } from './prelabel-files.ts'

type PrelabelPayload = Extract<TaskPayload, { kind: 'prelabel' }>

/** One prelabelling as a page shows it. */
export interface PrelabelCard
  extends Pick<PrelabelPayload, 'modelName' | 'device' | 'images' | 'questions' | 'expressions'> {
  id: string
  status: TaskStatus
  progress: TaskProgress | null
  reason: string | null
  result: PrelabelResult | null
  createdAt: Date
}

/** A list is for looking at what goes on and what came of the last ones. */
const MOST_SHOWN = 10

/** The newest prelabellings of a project, the newest first. */
export async function listPrelabels(studio: Studio, projectId: string): Promise<PrelabelCard[]> {
  const rows = await studio.db.task.findMany({
    where: { kind: 'prelabel' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: {
      ...{
        id: true,
        payload: true,
        status: true,
        progress: true,
        reason: true,
        result: true,
        createdAt: true,
      },
    },
  })
  const cards = rows.flatMap(({ payload: stored, ...row }) => {
    const payload = TaskPayload.parse(stored)
    if (payload.kind !== 'prelabel' || payload.projectId !== projectId) return []
    const { modelName, device, images, questions, expressions } = payload
    return {
      ...{ id: row.id, createdAt: row.createdAt, modelName, device, images, questions, expressions },
      status: TaskStatus.parse(row.status),
      progress: row.progress === null ? null : TaskProgress.parse(row.progress),
      reason: row.reason && withoutServerPaths(studio, row.reason),
      result: row.result === null ? null : PrelabelResult.parse(row.result),
    }
  })
  return cards.slice(0, MOST_SHOWN)
}

/**
 * Ends a prelabelling; nothing of it is kept.
 * @throws StudioError NOT_FOUND, or WRONG_STATE when it is over
 */
export async function cancelPrelabel(studio: Studio, projectId: string, taskId: string): Promise<void> {
  const { prelabelId } = await payloadOf(studio, projectId, taskId)
  const wasQueued = await write(studio.db, async (tx) => {
    const ended = { status: 'cancelled', endedAt: new Date() }
    const queued = await tx.task.updateMany({ where: { id: taskId, status: 'queued' }, data: ended })
    if (queued.count > 0) return true
    const asked = await tx.task.updateMany({
      where: { id: taskId, status: { in: ['running', 'cancelling'] } },
      data: { status: 'cancelling' },
    })
    if (asked.count > 0) return false
    throw new StudioError('WRONG_STATE', { message: 'This prelabelling is over already.' })
  })
  if (wasQueued) await rm(prelabelFiles(studio.paths, prelabelId).folder, { recursive: true, force: true })
}

/** Ends all prelabellings of a project that is gone. */
export async function cancelPrelabelsOf(studio: Studio, projectId: string): Promise<void> {
  const rows = await studio.db.task.findMany({
    where: { kind: 'prelabel', status: { in: ['queued', 'running'] } },
    select: { id: true, payload: true },
  })
  for (const { id, payload } of rows) {
    const parsed = TaskPayload.parse(payload)
    if (parsed.kind !== 'prelabel' || parsed.projectId !== projectId) continue
    // One that ends at this moment needs no cancelling.
    await cancelPrelabel(studio, projectId, id).catch((error: unknown) => {
      if (!isStudioError(error)) throw error
    })
  }
}

/**
 * Tries one again that failed; it goes on with the answers that were there.
 * @throws StudioError NOT_FOUND, or WRONG_STATE when it has not failed
 */
export async function retryPrelabel(studio: Studio, projectId: string, taskId: string): Promise<void> {
  await payloadOf(studio, projectId, taskId)
  const { count } = await studio.db.task.updateMany({
    where: { id: taskId, status: 'failed' },
    data: { status: 'queued', reason: null, progress: undefined, endedAt: null },
  })
  if (count === 0)
    throw new StudioError('WRONG_STATE', { message: 'Only one that failed can be tried again.' })
}

async function payloadOf({ db }: Studio, projectId: string, taskId: string): Promise<PrelabelPayload> {
  const row = await db.task.findFirst({ where: { id: taskId, kind: 'prelabel' }, select: { payload: true } })
  const payload = row && TaskPayload.parse(row.payload)
  if (payload?.kind !== 'prelabel' || payload.projectId !== projectId) {
    throw new StudioError('NOT_FOUND', { message: 'There is no such prelabelling in this project any more.' })
  }
  return payload
}
