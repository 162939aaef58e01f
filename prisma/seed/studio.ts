import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Viewer } from '../../server/auth/viewer.ts'
import { createContextInner } from '../../server/context.ts'
import { listMigrations, migrate } from '../../server/db/migrate.ts'
import { appRouter } from '../../server/root.ts'
import { dataPaths } from '../../server/storage/paths.ts'
import { openStudio, type Studio, theStudio } from '../../server/studio.ts'
import { createCallerFactory } from '../../server/trpc.ts'

export interface TestStudio extends Studio {
  /** The procedures as this person calls them; null = nobody signed in. */
  as: (viewer: Viewer | null, options?: { isLocalVisitor?: boolean }) => Caller
  /** Closes the database and deletes the folder. */
  dispose: () => Promise<void>
}

const makeCaller = createCallerFactory(appRouter)
type Caller = ReturnType<typeof makeCaller>

/**
 * A fresh studio on a real, migrated SQLite file in a temporary folder. It is also what `studio()`
 * gives from now on, so that route handlers of the same test see it.
 */
export async function testStudio(): Promise<TestStudio> {
  const root = mkdtempSync(path.join(tmpdir(), 'refbox-test-'))
  await provideDatabase(dataPaths(root).database)
  const studio = await openStudio(root)
  theStudio.opened = Promise.resolve(studio)
  return {
    ...studio,
    as: (viewer, options) => makeCaller(createContextInner({ ...studio, viewer, ...options })),
    dispose: async () => {
      await studio.db.$disconnect()
      rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/**
 * A migrated, empty database. Migrating takes seconds, so the result is kept in the system's temporary folder
 * under the hash of the migrations: test files of one checkout share it.
 */
async function provideDatabase(file: string): Promise<void> {
  const { migrationDirectories } = await listMigrations()
  const hash = createHash('sha256').update(JSON.stringify(migrationDirectories)).digest('hex').slice(0, 16)
  const template = path.join(tmpdir(), `refbox-test-template-${hash}.db`)
  if (!existsSync(template)) {
    const own = `${template}.${process.pid}`
    await migrate(own)
    renameSync(own, template)
  }
  mkdirSync(path.dirname(file), { recursive: true })
  copyFileSync(template, file)
}
