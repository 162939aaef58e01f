import packageFile from '../package.json' with { type: 'json' }
import { WORKER_DOWN_AFTER_SECONDS } from './contracts/worker.ts'
import type { Database } from './db/client.ts'

export interface Health {
  ok: true
  version: string
  worker: 'up' | 'down'
}

/** Answers only when the database does, so that it can be waited for. */
export async function health(db: Database): Promise<Health> {
  const since = new Date(Date.now() - WORKER_DOWN_AFTER_SECONDS * 1000)
  const beat = await db.workerHeartbeat.findFirst({ where: { beatAt: { gt: since } }, select: { id: true } })
  return { ok: true, version: packageFile.version, worker: beat ? 'up' : 'down' }
}
