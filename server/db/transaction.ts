import type { Database, Transaction } from './client.ts'

/**
 * Runs `work` in a transaction that holds SQLite's write lock from its beginning, so that what it reads is still
 * so when it writes. It waits for its turn when another process writes.
 */
export function write<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.$transaction(work)
}
