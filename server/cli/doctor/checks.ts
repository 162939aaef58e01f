import { execFile } from 'node:child_process'
import { constants, mkdtempSync, rmSync } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { listMigrations, migrate } from '../../db/migrate.ts'
import { env } from '../../env.ts'
import { health } from '../../health.ts'
import { dataPaths } from '../../storage/paths.ts'
import { openStudio } from '../../studio.ts'

export interface CheckResult {
  name: 'node' | 'python' | 'data' | 'disk' | 'migrations' | 'database' | 'worker'
  state: 'ok' | 'warning' | 'failed'
  /** What was found. */
  detail: string
  /** What to do about it; empty when all is well. */
  advice: string
}

const run = promisify(execFile)
/** Oldest Node that the scripts and the libraries are tested with. */
const MINIMUM_NODE = { major: 20, minor: 19 }
/** A fine-tune of a small model with two checkpoints needs about this much. */
const LOW_DISK_BYTES = 5e9
/** Importing torch from a cold disk is slow. */
const PYTHON_TIMEOUT_MS = 120_000

const ok = (name: CheckResult['name'], detail: string): CheckResult => ({
  name,
  state: 'ok',
  detail,
  advice: '',
})

export function checkNodeVersion(version = process.versions.node): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < MINIMUM_NODE.major || (major === MINIMUM_NODE.major && minor < MINIMUM_NODE.minor)
  if (!isOld) return ok('node', version)
  const wanted = `${MINIMUM_NODE.major}.${MINIMUM_NODE.minor}`
  return { name: 'node', state: 'failed', detail: version, advice: `Install Node ${wanted} or newer.` }
}

/** Whether the trainer could start: its interpreter and the packages that it imports first. */
export async function checkPython(interpreter = env.python): Promise<CheckResult> {
  const program =
    'import sys, torch, transformers, peft, safetensors, PIL; print("Python", sys.version.split()[0], "torch", torch.__version__, "transformers", transformers.__version__)'
  try {
    const { stdout } = await run(interpreter, ['-c', program], { timeout: PYTHON_TIMEOUT_MS })
    return ok('python', stdout.trim())
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string }
    const detail =
      code === 'ENOENT'
        ? `${interpreter} does not exist`
        : (stderr?.trim().split('\n').at(-1) ?? String(error))
    const advice =
      'Run npm run setup, or name an interpreter that has the trainer’s packages in REFBOX_PYTHON.'
    return { name: 'python', state: 'failed', detail, advice }
  }
}

export async function checkDataFolder(folder = env.dataDir): Promise<CheckResult> {
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory() ?? false
  const place = isFolder ? folder : path.dirname(folder)
  const isWritable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!isWritable) {
    const advice = 'Give this user the right to write there, or name another folder in REFBOX_DATA.'
    return { name: 'data', state: 'failed', detail: `${place} cannot be written`, advice }
  }
  return ok('data', isFolder ? folder : `${folder} will be made at the first start`)
}

export async function checkDisk(folder = env.dataDir): Promise<CheckResult> {
  const disk = await statfs(folder).catch(() => statfs(path.dirname(folder)))
  const free = disk.bavail * disk.bsize
  const detail = `${(free / 1e9).toFixed(1)} GB free`
  if (free >= LOW_DISK_BYTES) return ok('disk', detail)
  return {
    name: 'disk',
    state: 'warning',
    detail,
    advice: 'Free some space before a fine-tune; checkpoints are large.',
  }
}

/** Plays all migrations on an empty database, so that a broken installation shows before it touches data. */
export async function checkMigrations(): Promise<CheckResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'refbox-doctor-'))
  try {
    const applied = await migrate(path.join(folder, 'empty.db'))
    return ok('migrations', `${applied.length} apply to an empty database`)
  } catch (error) {
    const advice = 'The installation is damaged; run npm run setup again.'
    return { name: 'migrations', state: 'failed', detail: String(error), advice }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The real database, only looked at: how far it is, and whether a worker is alive. */
export async function checkDatabase(folder = env.dataDir): Promise<CheckResult[]> {
  if (!(await stat(dataPaths(folder).database).catch(() => null))) {
    return [ok('database', 'none yet; the first start makes it')]
  }
  const studio = await openStudio(folder)
  try {
    const rows = await studio.db.$queryRaw<{ migration_name: string }[]>`
      SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL`
    const applied = new Set(rows.map((row) => row.migration_name))
    const { migrationDirectories } = await listMigrations()
    const pending = migrationDirectories.filter(({ path: name }) => !applied.has(name)).length
    const { worker } = await health(studio.db)
    return [
      ok('database', pending === 0 ? 'up to date' : `${pending} migration(s) wait for the next start`),
      worker === 'up'
        ? ok('worker', 'running')
        : {
            name: 'worker',
            state: 'warning',
            detail: 'not running',
            advice: 'Fine-tunes wait until npm start runs it.',
          },
    ]
  } catch (error) {
    const advice = 'Restore the data folder from a backup, or start once to migrate it.'
    return [{ name: 'database', state: 'failed', detail: String(error), advice }]
  } finally {
    await studio.db.$disconnect()
  }
}
