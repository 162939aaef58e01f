import type { Database, Transaction } from './client.ts'

/** Times a write starts again when the other process wrote between our read and our write. */
const ATTEMPTS = 5
/** Longest a rule may hold the write lock; bulk imports are the slowest (10,000 rows take about 0.1 s). */
const TIMEOUT_MS = 30_000

/**
 * Runs `work` in a transaction that holds SQLite's write lock from its first statement. A deferred
 * transaction that reads first fails at once ("database is locked", busy timeout or not) when
 * another process has written since; taking the lock first makes it wait its turn instead.
 */
export async function write<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.$transaction(
        async (tx) => {
          await tx.$executeRaw`DELETE FROM "Verification" WHERE 0`
          return work(tx)
        },
        { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
      )
    } catch (error) {
      if (attempt === ATTEMPTS || !isBusy(error)) throw error
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /SQLITE_BUSY|database is locked|SocketTimeout/.test(error.message)
}
