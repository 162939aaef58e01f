import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { TaskPayload } from '../contracts/worker.ts'
import { write } from '../db/transaction.ts'
import { isStudioError } from '../errors.ts'
import { livingWorkers } from './heartbeat.ts'
import { launch } from './launch.ts'
import { findProcess, isAlive, type ProcessIdentity } from './process-identity.ts'
import type { Supervision } from './supervision.ts'
import { planTask, type TaskPlan } from './task-plan.ts'
import type { ProcessExit } from './verdict.ts'

interface TaskRow {
  id: string
  payload: unknown
  pid: number | null
  pidStartedAt: string | null
}

const ROW = { id: true, payload: true, pid: true, pidStartedAt: true } as const

/** Tasks have one place beside the runs: a review must not wait for hours behind a training. */
export async function reconcileTasks(supervision: Supervision): Promise<void> {
  const { studio, workerId } = supervision
  await claimNextTask(supervision)
  const rows = await studio.db.task.findMany({
    where: { status: 'running', claimedBy: workerId },
    select: ROW,
  })
  for (const row of rows) {
    try {
      await reconcileTask(supervision, row, await planTask(studio, TaskPayload.parse(row.payload)))
    } catch (error) {
      // A rule that refuses says so to the person who asked; only our own defects go to the log.
      if (!isStudioError(error)) console.error(`Task ${row.id} has failed:`, error)
      await end(supervision, row.id, error instanceof Error ? error.message : String(error))
    }
  }
}

/** Takes the next task, or adopts the one whose worker is gone. Predictions first: a person waits for them. */
async function claimNextTask({ studio: { db }, workerId }: Supervision): Promise<void> {
  // Most looks find nothing; they should not take the write lock for it.
  const open = await db.task.count({
    where: {
      status: { in: ['queued', 'running'] },
      OR: [{ claimedBy: null }, { claimedBy: { not: workerId } }],
    },
  })
  if (open === 0) return
  const living = await livingWorkers(db)
  await write(db, async (tx) => {
    const running = await tx.task.findMany({
      where: { status: 'running' },
      select: { id: true, claimedBy: true },
    })
    for (const task of running) {
      if (task.claimedBy !== null && living.has(task.claimedBy)) continue
      await tx.task.update({ where: { id: task.id }, data: { claimedBy: workerId } })
    }
    if (running.length > 0) return
    const next = await tx.task.findFirst({
      where: { status: 'queued' },
      orderBy: [{ kind: 'desc' }, { id: 'asc' }],
      select: { id: true },
    })
    if (next) {
      await tx.task.update({
        where: { id: next.id },
        data: { status: 'running', claimedBy: workerId, pid: null, pidStartedAt: null },
      })
    }
  })
}

async function reconcileTask(supervision: Supervision, row: TaskRow, plan: TaskPlan): Promise<void> {
  const identity = await knownProcess(row, plan)
  if (!identity) return begin(supervision, row.id, plan)
  if (await isAlive(identity)) return showProgress(supervision, row.id, plan)
  const exit = await supervision.exits.get(row.id)
  if (!exit) {
    // Nobody saw how it ended, so its output cannot be trusted; the work is repeatable.
    await supervision.studio.db.task.updateMany({
      where: { id: row.id, claimedBy: supervision.workerId },
      data: { status: 'queued', claimedBy: null, pid: null, pidStartedAt: null },
    })
    return
  }
  supervision.exits.delete(row.id)
  if (exit.code !== 0) return end(supervision, row.id, await lastWords(plan, exit))
  await plan.finish()
  await end(supervision, row.id, null)
}

async function knownProcess(row: TaskRow, plan: TaskPlan): Promise<ProcessIdentity | null> {
  if (row.pid !== null && row.pidStartedAt !== null) return { pid: row.pid, startedAt: row.pidStartedAt }
  return findProcess(plan.partial)
}

async function begin(supervision: Supervision, taskId: string, plan: TaskPlan): Promise<void> {
  await rm(plan.partial, { recursive: true, force: true })
  await mkdir(path.dirname(plan.target), { recursive: true })
  await rm(plan.log, { force: true })
  const { identity, exit } = await launch(plan.command, { cwd: path.dirname(plan.target), log: plan.log })
  supervision.exits.set(taskId, exit)
  void exit.then(supervision.wake)
  await supervision.studio.db.task.updateMany({
    where: { id: taskId, claimedBy: supervision.workerId },
    data: { pid: identity?.pid ?? -1, pidStartedAt: identity?.startedAt ?? 'ended at once' },
  })
}

/** The trainer says `predicted 16/200` from time to time. */
async function showProgress(supervision: Supervision, taskId: string, plan: TaskPlan): Promise<void> {
  const log = await readFile(plan.log, 'utf8').catch(() => '')
  const [done, total] =
    log
      .match(/\d+\/\d+/g)
      ?.at(-1)
      ?.split('/')
      .map(Number) ?? []
  if (done === undefined || total === undefined) return
  const progress = { done, total }
  await supervision.studio.db.task.updateMany({
    where: { id: taskId, status: 'running' },
    data: { progress },
  })
}

/** The end of what it printed: a Python error says its reason last. */
async function lastWords(plan: TaskPlan, exit: ProcessExit): Promise<string> {
  const lines = (await readFile(plan.log, 'utf8').catch(() => '')).trim().split('\n')
  const ending = exit.code === null ? `signal ${exit.signal}` : `exit code ${exit.code}`
  return `${lines.slice(-3).join('\n')} (${ending})`
}

async function end({ studio, workerId }: Supervision, taskId: string, reason: string | null): Promise<void> {
  await studio.db.task.updateMany({
    where: { id: taskId, status: 'running', claimedBy: workerId },
    data: {
      status: reason === null ? 'succeeded' : 'failed',
      reason,
      claimedBy: null,
      pid: null,
      pidStartedAt: null,
      endedAt: new Date(),
    },
  })
}
