import { isAlive, type ProcessIdentity } from './process-identity.ts'

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

async function send(target: ProcessIdentity, to: number, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(target))) return false
  try {
    process.kill(to, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
