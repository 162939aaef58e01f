import type { RunStatus } from '../contracts/run.ts'
import { TaskPayload } from '../contracts/worker.ts'
import type { Database, Transaction } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { livingWorkers } from './heartbeat.ts'
import { moveRun } from './lifecycle.ts'
import { deviceOfTask, devicesOf } from './run-devices.ts'

/** In these a run holds its device and somebody must look after it. */
export const ACTIVE: RunStatus[] = ['starting', 'running', 'stopping']

/**
 * Takes the first run in the queue whose devices are all free. A run that needs several waits for each of them, and
 * none behind it overtakes it on one it waits for. Reading and writing happen under one lock, so two workers never
 * take two runs for one device, or one run twice.
 * @param devices ids of the devices of this worker
 * @returns the id of the run, now `starting` and ours
 */
export async function claimNextRun(
  db: Database,
  devices: readonly string[],
  workerId: string,
): Promise<string | null> {
  // Most ticks find nothing; they should not take the write lock for it.
  if ((await db.run.count({ where: { status: 'queued' } })) === 0) return null
  return write(db, async (tx) => {
    const waiting = await tx.run.findMany({
      where: { status: 'queued' },
      orderBy: [{ position: 'asc' }, { id: 'asc' }],
      select: { id: true, device: true },
    })
    const taken = new Set([...(await devicesOfRuns(tx)), ...(await devicesOfTasks(tx))])
    const next = waiting.find(({ device }) => {
      const wanted = devicesOf(device)
      const isFree = wanted.every((id) => devices.includes(id) && !taken.has(id))
      for (const id of wanted) taken.add(id)
      return isFree
    })
    if (!next) return null
    const facts = {
      claimedBy: workerId,
      startedAt: new Date(),
      endedAt: null,
      exitCode: null,
      pid: null,
      pidStartedAt: null,
      stopRequest: null,
      reason: null,
    }
    return (await moveRun(tx, next.id, 'queued', 'starting', facts)) ? next.id : null
  })
}

/** The devices that runs hold now. */
export async function devicesOfRuns(tx: Transaction): Promise<Set<string>> {
  const active = await tx.run.findMany({ where: { status: { in: ACTIVE } }, select: { device: true } })
  return new Set(active.flatMap(({ device }) => devicesOf(device)))
}

async function devicesOfTasks(tx: Transaction): Promise<string[]> {
  const going = await tx.task.findMany({
    where: { kind: 'prelabel', status: { in: ['running', 'cancelling'] } },
    select: { payload: true },
  })
  return going.flatMap(({ payload }) => deviceOfTask(TaskPayload.parse(payload)) ?? [])
}

/** Adopts active runs whose worker is gone. Of several workers that try, one gets each run. */
export async function adoptRuns(db: Database, workerId: string): Promise<void> {
  const living = await livingWorkers(db)
  const rows = await db.run.findMany({
    where: { status: { in: ACTIVE } },
    select: { id: true, claimedBy: true },
  })
  for (const { id, claimedBy } of rows) {
    if (claimedBy !== null && living.has(claimedBy)) continue
    await db.run.updateMany({ where: { id, claimedBy }, data: { claimedBy: workerId } })
  }
}
