// Makes the data folder ready: writable, on this checkout's schema, free of half-written files. Prints one
// line of JSON for the start script.
import { constants } from 'node:fs'
import { access, mkdir, rm } from 'node:fs/promises'
import { isLoopback, ownerCode } from '../server/auth/owner-code.ts'
import { migrate } from '../server/db/migrate.ts'
import { env } from '../server/env.ts'
import { dataPaths } from '../server/storage/paths.ts'
import { openStudio } from '../server/studio.ts'

const paths = dataPaths(env.dataDir)
try {
  await mkdir(paths.root, { recursive: true })
  await access(paths.root, constants.W_OK | constants.R_OK)
} catch {
  fail(
    `The data folder ${paths.root} cannot be written.\n` +
      'Give this user the right to write there, or name another folder: REFBOX_DATA=/path/to/folder npm start',
  )
}
try {
  await rm(paths.temporary, { recursive: true, force: true })
  const migrations = await migrate(paths.database)
  const studio = await openStudio()
  const needsOwner = (await studio.db.user.count()) === 0
  const code = needsOwner && !isLoopback(env.host) ? await ownerCode(paths) : null
  await studio.db.$disconnect()
  console.log(JSON.stringify({ migrations, code, dataDir: paths.root }))
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  if (/readonly|read-only|EROFS|EACCES|SQLITE_CANTOPEN|unable to open/i.test(reason)) {
    fail(`The database in ${paths.root} cannot be written (${reason.trim().split('\n').at(-1)}).`)
  }
  throw error
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
