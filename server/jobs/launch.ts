import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { type ProcessIdentity, processStart } from './process-identity.ts'
import type { TrainerCommand } from './trainer-command.ts'
import type { ProcessExit } from './verdict.ts'

export interface Launched {
  /** Null when the process was gone before its start time could be read; `exit` tells how. */
  identity: ProcessIdentity | null
  exit: Promise<ProcessExit>
}

/**
 * Starts a process that outlives us: leader of its own group, output appended to a file (a pipe would
 * break when we end), not waited for.
 * @throws the system's error when the program cannot be started
 */
export async function launch(
  command: TrainerCommand,
  options: { cwd: string; log: string },
): Promise<Launched> {
  const log = await open(options.log, 'a')
  try {
    const child = spawn(command.program, command.args, {
      cwd: options.cwd,
      env: command.environment as NodeJS.ProcessEnv,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    })
    const exit = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
    const pid = child.pid
    if (pid === undefined) throw new Error('The system gave the process no number.')
    leaveRoomForTheStudio(pid)
    const startedAt = await processStart(pid)
    return { identity: startedAt === null ? null : { pid, startedAt }, exit }
  } finally {
    await log.close()
  }
}

/** On a machine whose processor trains, the pages must stay usable; a graphics card is not affected. */
function leaveRoomForTheStudio(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The process has ended already, or the system does not let us: the run itself is not in danger.
  }
}
