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

/**
 * Finds the process that was started with `argument` as one of its arguments. This is how a process
 * is found again whose starter died before it could write the number down.
 */
export async function findProcess(argument: string): Promise<ProcessIdentity | null> {
  const pids = process.platform === 'linux' ? await linuxPids(argument) : await psPids(argument)
  for (const pid of pids) {
    const startedAt = pid === process.pid ? null : await processStart(pid)
    if (startedAt) return { pid, startedAt }
  }
  return null
}

async function linuxPids(argument: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => lines[index]?.split('\0').includes(argument)).map(Number)
}

async function psPids(argument: string): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,command='])
  return stdout
    .split('\n')
    .filter((line) => line.includes(argument))
    .map((line) => Number.parseInt(line, 10))
}
