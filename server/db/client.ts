import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaClient } from '../../prisma/generated/client.ts'
import { patientClient } from './patient-client.ts'

export type Database = PrismaClient
/** What a rule may use inside `db.$transaction(async (tx) => …)`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

/** Longest a rule may wait for the write lock, and hold it: bulk imports are the slowest (10,000 rows in 0.1 s). */
const TRANSACTION_MS = 30_000

class PatientLibSql extends PrismaLibSql {
  override createClient(...config: Parameters<PrismaLibSql['createClient']>) {
    return patientClient(super.createClient(...config))
  }
}

/** Adapter for the database file of one data folder; shared by the client and the migrations. */
export function databaseAdapter(file: string): PrismaLibSql {
  mkdirSync(path.dirname(file), { recursive: true })
  // libsql waits within a call that blocks the whole process; how long to try is the patient client's.
  return new PatientLibSql({ url: `file:${file}`, timeout: 0 })
}

/**
 * Opens the studio's database. Web and worker write to the same file, hence WAL (readers never wait
 * for the writer) and a client that waits for the other writer.
 */
export async function openDatabase(file: string): Promise<Database> {
  const db = new PrismaClient({
    adapter: databaseAdapter(file),
    transactionOptions: { timeout: TRANSACTION_MS, maxWait: TRANSACTION_MS },
  })
  await db.$queryRawUnsafe('PRAGMA journal_mode = WAL')
  return db
}
