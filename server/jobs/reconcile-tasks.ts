import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { type TaskKind, TaskPayload, type TaskResult, TaskStatus } from '../contracts/worker.ts'
import { write } from '../db/transaction.ts'
import { isStudioError } from '../errors.ts'
import { readTail } from '../runs/last-events.ts'
import { devicesOfRuns } from './claim.ts'
import { livingWorkers } from './heartbeat.ts'
import { launch } from './launch.ts'
import { findProcess, isAlive, type ProcessIdentity } from './process-identity.ts'
import { deviceOfTask } from './run-devices.ts'
import { signalGroup } from './signal-group.ts'
import type { Supervision } from './supervision.ts'
import { planTask, type TaskPlan } from './task-plan.ts'
import type { ProcessExit } from './verdict.ts'

interface TaskRow {
  id: string
  payload: unknown
  status: string
  pid: number | null
  pidStartedAt: string | null
}

const ROW = { id: true, payload: true, status: true, pid: true, pidStartedAt: true } as const
/** In these a task holds its place and somebody must look after it. */
const ACTIVE: TaskStatus[] = ['running', 'cancelling']

/**
 * Tasks have three places beside the runs: a review must not wait for hours behind a training, and what computes
 * must not wait behind a download. Prelabelling takes as long as a training, so it holds a device like one.
 */
const PLACES: readonly (readonly TaskKind[])[] = [['predict', 'export-base'], ['fetch-model'], ['prelabel']]

export async function reconcileTasks(supervision: Supervision): Promise<void> {
  const { studio, workerId } = supervision
  for (const kinds of PLACES) await claimNextTask(supervision, kinds)
  const rows = await studio.db.task.findMany({
    where: { status: { in: ACTIVE }, claimedBy: workerId },
    select: ROW,
  })
  for (const row of rows) {
    try {
      await reconcileTask(supervision, row, await planTask(studio, TaskPayload.parse(row.payload)))
    } catch (error) {
      // A rule that refuses says so to the person who asked; only our own defects go to the log.
      if (!isStudioError(error)) console.error(`Task ${row.id} has failed:`, error)
      await end(supervision, row.id, 'failed', error instanceof Error ? error.message : String(error))
    }
  }
}

/** Takes the next task, or adopts the one whose worker is gone. Predictions first: a person waits for them. */
async function claimNextTask(
  { studio: { db }, workerId }: Supervision,
  kinds: readonly TaskKind[],
): Promise<void> {
  const kind = { in: [...kinds] }
  // Most looks find nothing; they should not take the write lock for it.
  const open = await db.task.count({
    where: {
      kind,
      status: { in: ['queued', ...ACTIVE] },
      OR: [{ claimedBy: null }, { claimedBy: { not: workerId } }],
    },
  })
  if (open === 0) return
  const living = await livingWorkers(db)
  await write(db, async (tx) => {
    const running = await tx.task.findMany({
      where: { kind, status: { in: ACTIVE } },
      select: { id: true, claimedBy: true },
    })
    for (const task of running) {
      if (task.claimedBy !== null && living.has(task.claimedBy)) continue
      await tx.task.update({ where: { id: task.id }, data: { claimedBy: workerId } })
    }
    if (running.length > 0) return
    const queued = await tx.task.findMany({
      where: { kind, status: 'queued' },
      orderBy: [{ kind: 'desc' }, { id: 'asc' }],
      select: { id: true, payload: true },
    })
    const held = await devicesOfRuns(tx)
    const next = queued.find(({ payload }) => !held.has(deviceOfTask(TaskPayload.parse(payload)) ?? ''))
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
  const isCancelling = TaskStatus.parse(row.status) === 'cancelling'
  if (identity && (await isAlive(identity))) {
    if (isCancelling) await signalGroup(identity, 'SIGKILL')
    else await showProgress(supervision, row.id, plan)
    return
  }
  if (isCancelling) {
    await plan.discard?.()
    return end(supervision, row.id, 'cancelled', null)
  }
  if (!identity) return begin(supervision, row.id, plan)
  const exit = await supervision.exits.get(row.id)
  if (!exit) {
    // Nobody saw how it ended, so its output cannot be trusted; the work is repeatable.
    await supervision.studio.db.task.updateMany({
      where: { id: row.id, claimedBy: supervision.workerId },
      data: { status: 'queued', claimedBy: null, pid: null, pidStartedAt: null },
    })
    return
  }
  if (exit.code !== 0) return end(supervision, row.id, 'failed', await reasonOf(plan, exit))
  const result = await plan.finish()
  await end(supervision, row.id, 'succeeded', null, result)
  // Only when it is known to be over: what is left of it would be needed to do it again.
  await plan.discard?.()
}

async function knownProcess(row: TaskRow, plan: TaskPlan): Promise<ProcessIdentity | null> {
  if (row.pid !== null && row.pidStartedAt !== null) return { pid: row.pid, startedAt: row.pidStartedAt }
  return findProcess(plan.output)
}

async function begin(supervision: Supervision, taskId: string, plan: TaskPlan): Promise<void> {
  if (!plan.goesOn) await rm(plan.output, { recursive: true, force: true })
  const cwd = path.dirname(plan.output)
  await mkdir(cwd, { recursive: true })
  await rm(plan.log, { force: true })
  const { identity, exit } = await launch(plan.command, { cwd, log: plan.log })
  supervision.exits.set(taskId, exit)
  void exit.then(supervision.wake)
  await supervision.studio.db.task.updateMany({
    where: { id: taskId, claimedBy: supervision.workerId },
    data: { pid: identity?.pid ?? -1, pidStartedAt: identity?.startedAt ?? 'ended at once' },
  })
}

/** The newest lines tell; a long download writes many. */
const TAIL_BYTES = 64 * 1024

async function endOfLog(plan: TaskPlan): Promise<string> {
  return (await readTail(plan.log, TAIL_BYTES))?.text ?? ''
}

async function showProgress(supervision: Supervision, taskId: string, plan: TaskPlan): Promise<void> {
  const progress = plan.progress(await endOfLog(plan))
  if (!progress) return
  await supervision.studio.db.task.updateMany({
    where: { id: taskId, status: 'running' },
    data: { progress },
  })
}

async function reasonOf(plan: TaskPlan, exit: ProcessExit): Promise<string> {
  const ending = exit.code === null ? `signal ${exit.signal}` : `exit code ${exit.code}`
  return plan.failure(await endOfLog(plan), ending)
}

async function end(
  supervision: Supervision,
  taskId: string,
  status: TaskStatus,
  reason: string | null,
  result?: TaskResult,
): Promise<void> {
  supervision.exits.delete(taskId)
  await supervision.studio.db.task.updateMany({
    where: { id: taskId, status: { in: ACTIVE }, claimedBy: supervision.workerId },
    data: { status, reason, result, claimedBy: null, pid: null, pidStartedAt: null, endedAt: new Date() },
  })
}
