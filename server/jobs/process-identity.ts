import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessIdentity {
  pid: number
  /** Linux: boot id and start tick; elsewhere the start time that `ps` prints. */
  startedAt: string
}

/**
 * Start time of a living process as the system tells it, or null when there is no such process.
 * A zombie (ended, not yet collected by its parent) counts as gone: it will never do anything again.
 */
export async function processStart(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? linuxStart(pid) : psStart(pid)
}

/** Whether exactly this process still lives; a reused pid has another start time and is not believed. */
export async function isAlive({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await processStart(pid)) === startedAt
}

/** Field 3 is the state, field 22 the start in clock ticks since boot: proc_pid_stat(5). */
async function linuxStart(pid: number): Promise<string | null> {
  const [stat, bootId] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
  ])
  if (!stat) return null
  // The name (field 2) is in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  if (!startTicks || state === 'Z' || state === 'X') return null
  return `${bootId.trim()}:${startTicks}`
}

async function psStart(pid: number): Promise<string | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
    const [state, ...start] = stdout.trim().split(/\s+/)
    return !state || state.startsWith('Z') ? null : start.join(' ')
  } catch {
    return null
  }
}

/** The package's name stands in the command of every trainer; somebody's `du` on the same folder is none. */
const TRAINER = 'refbox_trainer'

/**
 * The trainer processes that were started with `argument` as one of their arguments, the oldest first: of a run
 * on several cards that is the one that started the others.
 */
export async function findProcesses(argument: string): Promise<ProcessIdentity[]> {
  const pids = process.platform === 'linux' ? await linuxPids(argument) : await psPids(argument)
  const found = await Promise.all(
    pids.map(async (pid) => ({ pid, startedAt: pid === process.pid ? null : await processStart(pid) })),
  )
  return found
    .filter((one): one is ProcessIdentity => one.startedAt !== null)
    .sort((a, b) => startTick(a) - startTick(b) || a.pid - b.pid)
}

/** How a process is found again whose starter died before it could write the number down. */
export async function findProcess(argument: string): Promise<ProcessIdentity | null> {
  return (await findProcesses(argument))[0] ?? null
}

/** 0 where the system tells no ticks; numbers of processes then decide. */
function startTick({ startedAt }: ProcessIdentity): number {
  return process.platform === 'linux' ? Number(startedAt.split(':').at(-1)) : 0
}

async function linuxPids(argument: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids
    .filter((_, index) => {
      const words = lines[index]?.split('\0') ?? []
      return words.includes(TRAINER) && words.includes(argument)
    })
    .map(Number)
}

async function psPids(argument: string): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,command='])
  return stdout
    .split('\n')
    .filter((line) => line.includes(TRAINER) && line.includes(argument))
    .map((line) => Number.parseInt(line, 10))
}
