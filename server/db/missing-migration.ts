import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from '../env.ts'
import { listMigrations, MIGRATIONS } from './migrate.ts'
import { schemaEngine } from './schema-engine.ts'

/** The SQL that leads from the migrations to the checkout's schema.prisma; null = they give this schema. */
export async function missingMigration(folder = MIGRATIONS): Promise<string | null> {
  const schema = await readFile(path.join(ROOT, 'prisma/schema.prisma'), 'utf8')
  const scratch = await mkdtemp(path.join(tmpdir(), 'refbox-migration-'))
  const engine = await schemaEngine(path.join(scratch, 'empty.db'), schema)
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await listMigrations(folder)) },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    return !stdout || /empty migration/i.test(stdout) ? null : stdout
  } finally {
    engine.free()
    await rm(scratch, { recursive: true })
  }
}
