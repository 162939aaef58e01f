import type { RunStatus, StopMode } from '../contracts/run.ts'
import { TRAINER_EXIT } from '../contracts/run-events.ts'
import type { RunReason } from '../contracts/run-reason.ts'
import type { EventDigest } from './event-digest.ts'

/** How a process ended, if its parent was there to see it. */
export interface ProcessExit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Verdict {
  status: Extract<RunStatus, 'succeeded' | 'stopped' | 'failed' | 'lost'>
  reason: RunReason | null
  exitCode: number | null
}

/**
 * How a run ended whose process is gone. What the trainer wrote counts first, because it is still
 * true when nobody saw the exit (the worker was dead at that moment); then what a person asked for;
 * then the exit code; and without any of these the run is lost.
 */
export function verdict(seen: {
  digest: Pick<EventDigest, 'done' | 'error'>
  exit: ProcessExit | null
  stopRequest: StopMode | null
  checkpointStep: number | null
}): Verdict {
  const { digest, exit, stopRequest, checkpointStep } = seen
  const exitCode = exit?.code ?? null
  if (digest.done?.status === 'succeeded') return { status: 'succeeded', reason: null, exitCode }
  if (digest.done) return { status: 'stopped', reason: { code: 'stoppedSaved', checkpointStep }, exitCode }
  if (digest.error) {
    const { code: kind, message, what_to_do: whatToDo } = digest.error
    const reason: RunReason = { code: 'trainer', kind, message, whatToDo, checkpointStep }
    return { status: 'failed', reason, exitCode }
  }
  if (stopRequest === 'now') {
    return { status: 'stopped', reason: { code: 'stoppedNow', checkpointStep }, exitCode }
  }
  if (exitCode !== null && exitCode !== TRAINER_EXIT.ok) {
    return { status: 'failed', reason: { code: 'exit', exitCode, checkpointStep }, exitCode }
  }
  return { status: 'lost', reason: { code: 'lost', signal: exit?.signal ?? null, checkpointStep }, exitCode }
}
