// Writes the SQL between the migrations of the checkout and prisma/schema.prisma into a new migration.
// `npm run db:migration -- add_reviewer`
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { missingMigration } from '../server/db/missing-migration.ts'

const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('Give the migration a name: npm run db:migration -- add_reviewer')
  process.exit(1)
}
const sql = await missingMigration()
if (sql === null) {
  console.log('The migrations already give this schema.')
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = path.join('prisma/migrations', `${stamp}_${name}`)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'migration.sql'), sql)
  console.log(`Wrote ${folder}/migration.sql`)
}
