import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaClient } from '../../prisma/generated/client.ts'

export type Database = PrismaClient
/** What a rule may use inside `db.$transaction(async (tx) => …)`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

/** Adapter for the database file of one data folder; shared by the client and the migrations. */
export function databaseAdapter(file: string): PrismaLibSql {
  mkdirSync(path.dirname(file), { recursive: true })
  return new PrismaLibSql({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS })
}

/** How long a writer waits for the other process before it gives up. */
const BUSY_TIMEOUT_MS = 10_000

/**
 * Opens the studio's database. Web and worker write to the same file, hence WAL (readers never wait
 * for the writer) and a busy timeout (writers wait for each other instead of failing at once).
 */
export async function openDatabase(file: string): Promise<Database> {
  const db = new PrismaClient({ adapter: databaseAdapter(file) })
  await db.$queryRawUnsafe('PRAGMA journal_mode = WAL')
  return db
}
