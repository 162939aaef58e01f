import { type Device, WORKER_DOWN_AFTER_SECONDS } from '../contracts/worker.ts'
import type { Database } from '../db/client.ts'
import { processStart } from './process-identity.ts'

export interface Heartbeat {
  id: string
  devices: Device[]
}

/** Says that this worker lives; to be called every HEARTBEAT_SECONDS. */
export async function beat(db: Database, { id, devices }: Heartbeat, startedAt: Date): Promise<void> {
  const facts = { pid: process.pid, startedAt, beatAt: new Date(), devices }
  await db.workerHeartbeat.upsert({ where: { id }, create: { id, ...facts }, update: facts })
}

export async function endHeartbeat(db: Database, id: string): Promise<void> {
  await db.workerHeartbeat.deleteMany({ where: { id } })
}

/** Ids of the workers that live; rows of dead ones are removed. Web and workers share one machine. */
export async function livingWorkers(db: Database): Promise<Set<string>> {
  const rows = await db.workerHeartbeat.findMany({ select: { id: true, pid: true, beatAt: true } })
  const fresh = Date.now() - WORKER_DOWN_AFTER_SECONDS * 1000
  const judged = await Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      // A killed worker is known at once, a hung one by its silence.
      lives: row.beatAt.getTime() >= fresh && (await processStart(row.pid)) !== null,
    })),
  )
  const dead = judged.filter((row) => !row.lives).map((row) => row.id)
  if (dead.length > 0) await db.workerHeartbeat.deleteMany({ where: { id: { in: dead } } })
  return new Set(judged.filter((row) => row.lives).map((row) => row.id))
}
