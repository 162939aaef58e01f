import type { StopMode } from '../contracts/run.ts'
import type { Device } from '../contracts/worker.ts'
import type { Studio } from '../studio.ts'
import type { EventDigest } from './event-digest.ts'
import type { ProcessExit } from './verdict.ts'

/**
 * What one worker remembers between two looks. All of it can be lost: another worker finds the same
 * truth in the rows, the files and the processes. Only exit codes are seen by the parent alone.
 */
export interface Supervision {
  studio: Studio
  workerId: string
  devices: Device[]
  /** Runs whose data set or check is being made right now; abort to give up. */
  preparing: Map<string, { abort: AbortController; finished: Promise<void> }>
  exits: Map<string, Promise<ProcessExit>>
  digests: Map<string, EventDigest>
  /** The strongest signal already sent to a run, so that a look does not repeat it. */
  signalled: Map<string, StopMode>
  /** To be called when something happened that is worth a look at once. */
  wake: () => void
}

export function newSupervision(
  studio: Studio,
  workerId: string,
  devices: Device[],
  wake: () => void = () => undefined,
): Supervision {
  return {
    studio,
    workerId,
    devices,
    preparing: new Map(),
    exits: new Map(),
    digests: new Map(),
    signalled: new Map(),
    wake,
  }
}

/** The run is over: nothing of it is worth remembering. */
export function forget(supervision: Supervision, runId: string): void {
  supervision.exits.delete(runId)
  supervision.digests.delete(runId)
  supervision.signalled.delete(runId)
}
