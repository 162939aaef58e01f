import { setTimeout as pause } from 'node:timers/promises'
import type { Client, InStatement, ResultSet, Transaction } from '@libsql/client'

/** How long a writer waits for another process; less than the time that Prisma lets a transaction wait to begin. */
const PATIENCE_MS = 20_000
/** Between two tries to get the lock; the process goes on with other work meanwhile. */
const PAUSE_MS = 20

/** What changes nothing: in WAL it never waits. */
const READS = /^\s*(select|pragma|explain|values)\b/i

/**
 * A libsql client for a file that several processes write.
 *
 * libsql never resets a statement that failed. One that found the file locked stays half done, and its connection
 * is spoilt for good: either every later write fails as locked, or, worse, later writes succeed into a
 * transaction that nobody ever commits, which locks everybody else out and is lost with the process. So nothing
 * but BEGIN IMMEDIATE may meet the lock: it holds nothing when it fails. A connection on which any statement
 * failed is replaced by a new one.
 *
 * The adapter of Prisma sends one statement or transaction at a time, so a connection is never replaced under
 * another statement.
 */
export function patientClient(client: Client, patienceMs = PATIENCE_MS): Client {
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    const giveUpAt = Date.now() + patienceMs
    for (;;) {
      try {
        return await work()
      } catch (error) {
        client.reconnect()
        if (!isBusy(error) || Date.now() > giveUpAt) throw error
        await pause(PAUSE_MS)
      }
    }
  }
  const patient: Partial<Client> = {
    execute: (statement: InStatement): Promise<ResultSet> =>
      patiently(async () => {
        if (READS.test(typeof statement === 'string' ? statement : statement.sql)) {
          return client.execute(statement)
        }
        const [result] = await client.batch([statement], 'write')
        return result as ResultSet
      }),
    // Also for transactions that only read: one that begins deferred and writes later could not wait for its turn.
    transaction: (): Promise<Transaction> => patiently(() => client.transaction('write')),
  }
  return new Proxy(client, {
    get(target, name) {
      const own = Reflect.get(patient, name)
      if (own !== undefined) return own
      const inherited = Reflect.get(target, name)
      return typeof inherited === 'function' ? inherited.bind(target) : inherited
    },
  })
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
