import { findProcesses, isAlive, type ProcessIdentity } from './process-identity.ts'

/**
 * Sends a signal to a process and all that it started (data loaders, ranks). Each of our processes
 * leads a group of its own number.
 * @returns false when that very process is gone; then nothing was signalled
 */
export async function signalGroup(target: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  // Windows knows no groups; there the process alone gets it.
  return send(target, process.platform === 'win32' ? target.pid : -target.pid, signal)
}

/**
 * Sends a signal to the process alone. A polite end goes this way: the trainer must still be able to
 * finish its step, which it cannot when its data loaders die at the same moment.
 */
export async function signalLeader(target: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  return send(target, target.pid, signal)
}

/**
 * Ends every trainer process that was given this argument. torch puts each process of a run on several cards into a
 * session of its own, where the signal to the group does not reach it; one that is left over keeps its card.
 */
export async function endAll(argument: string): Promise<void> {
  for (const one of await findProcesses(argument)) await signalGroup(one, 'SIGKILL')
}

async function send(target: ProcessIdentity, to: number, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(target))) return false
  try {
    process.kill(to, signal)
    return true
  } catch (error) {
    // ESRCH of a living process: it leads no group of its own, so it is signalled alone.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return to < 0 && send(target, target.pid, signal)
    throw error
  }
}
