import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './client.ts'
import { MIGRATIONS, migrate } from './migrate.ts'
import { missingMigration } from './missing-migration.ts'

let scratch: string
let names: string[]

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'refbox-migrate-'))
  names = (await readdir(MIGRATIONS)).sort()
})
afterAll(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }))

/** The migrations as an earlier checkout had them. */
async function firstMigrations(count: number): Promise<string> {
  const folder = path.join(scratch, `first-${count}`)
  for (const name of names.slice(0, count)) {
    await cp(path.join(MIGRATIONS, name), path.join(folder, name), { recursive: true })
  }
  return folder
}

describe('the migrations', () => {
  it('give exactly schema.prisma', async () => {
    expect(await missingMigration()).toBeNull()
  })

  it('are replayed in full: what the second makes is not missing, what came later is', async () => {
    const sql = await missingMigration(await firstMigrations(2))
    expect(sql).toContain('"note"')
    // Another table that came later has a column of the same name.
    expect(sql).not.toMatch(/ALTER TABLE "(Run|Task)" ADD COLUMN "claimedBy"/)
  })

  it('bring an empty database to the schema in their order, once', async () => {
    const file = path.join(scratch, 'empty.db')
    expect(await migrate(file)).toEqual(names)
    expect(await migrate(file)).toEqual([])
  })

  it('bring a database of every earlier checkout to the schema and keep what is in it', async () => {
    for (let count = 1; count < names.length; count += 1) {
      const file = path.join(scratch, `from-${count}.db`)
      await migrate(file, await firstMigrations(count))
      const old = await openDatabase(file)
      await old.$executeRaw`INSERT INTO "User" ("id", "name", "email", "updatedAt") VALUES ('u', 'Ada', 'a@b.c', 0)`
      await old.$disconnect()
      expect(await migrate(file)).toEqual(names.slice(count))
      const db = await openDatabase(file)
      expect(await db.user.findMany({ select: { name: true } })).toEqual([{ name: 'Ada' }])
      expect(await db.image.findMany({ select: { note: true, assigneeId: true } })).toEqual([])
      await db.$disconnect()
    }
  })
})
