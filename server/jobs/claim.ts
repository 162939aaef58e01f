import type { RunStatus } from '../contracts/run.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { livingWorkers } from './heartbeat.ts'
import { moveRun } from './lifecycle.ts'

/** In these a run holds its device and somebody must look after it. */
export const ACTIVE: RunStatus[] = ['starting', 'running', 'stopping']

/**
 * Takes the first run of a device's queue if nothing holds the device. Reading and writing happen
 * under one lock, so two workers never take two runs for one device, or one run twice.
 * @returns the id of the run, now `starting` and ours
 */
export async function claimNextRun(db: Database, device: string, workerId: string): Promise<string | null> {
  // Most ticks find nothing; they should not take the write lock for it.
  if ((await db.run.count({ where: { device, status: 'queued' } })) === 0) return null
  return write(db, async (tx) => {
    if ((await tx.run.count({ where: { device, status: { in: ACTIVE } } })) > 0) return null
    const next = await tx.run.findFirst({
      where: { device, status: 'queued' },
      orderBy: [{ position: 'asc' }, { id: 'asc' }],
      select: { id: true },
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
