// Writes the SQL between the migrations of the checkout and prisma/schema.prisma into a new migration.
// `npm run db:migration -- add_reviewer`
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { listMigrations } from '../server/db/migrate.ts'
import { schemaEngine } from '../server/db/schema-engine.ts'

const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('Give the migration a name: npm run db:migration -- add_reviewer')
  process.exit(1)
}
const schema = await readFile('prisma/schema.prisma', 'utf8')
const scratch = await mkdtemp(path.join(tmpdir(), 'refbox-migration-'))
const engine = await schemaEngine(path.join(scratch, 'shadow.db'), schema)
const filters = { externalTables: [], externalEnums: [] }
const { stdout } = await engine.diff({
  from: { tag: 'migrations', ...(await listMigrations()) },
  to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
  script: true,
  exitCode: null,
  filters,
})
await rm(scratch, { recursive: true })
if (!stdout || /empty migration/i.test(stdout)) {
  console.log('The migrations already give this schema.')
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = path.join('prisma/migrations', `${stamp}_${name}`)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'migration.sql'), stdout)
  console.log(`Wrote ${folder}/migration.sql`)
}
