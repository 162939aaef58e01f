import { isDeepStrictEqual } from 'node:util'
import { TaskPayload, TaskProgress, TaskStatus } from '../contracts/worker.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'

export interface TaskCard {
  id: string
  payload: TaskPayload
  status: TaskStatus
  progress: TaskProgress | null
  reason: string | null
  createdAt: Date
}

/** Hands work to the worker. Asking again while the same work waits or goes on gives the same task. */
export async function queueTask(db: Database, payload: TaskPayload): Promise<TaskCard> {
  return write(db, async (tx) => {
    const open = await tx.task.findMany({
      where: { kind: payload.kind, status: { in: ['queued', 'running'] } },
      select: CARD,
    })
    const same = open.find((task) => isDeepStrictEqual(TaskPayload.parse(task.payload), payload))
    if (same) return card(same)
    const created = await tx.task.create({
      data: { id: newId('t'), kind: payload.kind, payload, status: 'queued' },
      select: CARD,
    })
    return card(created)
  })
}

/** The newest task of exactly this work, or null when it was never asked for. */
export async function newestTask(db: Database, payload: TaskPayload): Promise<TaskCard | null> {
  const rows = await db.task.findMany({
    where: { kind: payload.kind },
    orderBy: { createdAt: 'desc' },
    select: CARD,
  })
  const row = rows.find((task) => isDeepStrictEqual(TaskPayload.parse(task.payload), payload))
  return row ? card(row) : null
}

const CARD = {
  id: true,
  payload: true,
  status: true,
  progress: true,
  reason: true,
  createdAt: true,
} as const

function card(row: {
  id: string
  payload: unknown
  status: string
  progress: unknown
  reason: string | null
  createdAt: Date
}): TaskCard {
  return {
    ...row,
    payload: TaskPayload.parse(row.payload),
    status: TaskStatus.parse(row.status),
    progress: row.progress === null ? null : TaskProgress.parse(row.progress),
  }
}
