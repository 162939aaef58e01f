import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm'
import { ROOT } from '../env.ts'
import { schemaEngine } from './schema-engine.ts'

export const MIGRATIONS = path.join(ROOT, 'prisma/migrations')

/** The migrations of the checkout, in the shape the schema engine reads. */
export async function listMigrations(folder = MIGRATIONS): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok' as const,
          value: await readFile(path.join(folder, name, 'migration.sql'), 'utf8'),
        },
      },
    })),
  )
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "sqlite"\n' },
    migrationDirectories,
    shadowDbInitScript: '',
  }
}

/**
 * Brings the database file to the schema of this checkout; does nothing when it is there already.
 * @returns names of the migrations that were applied now
 */
export async function migrate(databaseFile: string, folder = MIGRATIONS): Promise<string[]> {
  const schema = await readFile(path.join(ROOT, 'prisma/schema.prisma'), 'utf8')
  const engine = await schemaEngine(databaseFile, schema)
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await listMigrations(folder),
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } finally {
    engine.free()
  }
}
