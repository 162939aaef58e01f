import type { RunReason } from '../contracts/run-reason.ts'
import { lastCheckpointStep, runFiles } from '../runs/run-files.ts'
import { launch } from './launch.ts'
import { writeLaunchNote } from './launch-note.ts'
import { factsOfTheEnd, moveRun } from './lifecycle.ts'
import { prepareRun, RunRefused } from './prepare-run.ts'
import { devicesOf } from './run-devices.ts'
import { forget, type Supervision } from './supervision.ts'
import { trainerCommand } from './trainer-command.ts'

/**
 * Prepares a run that is ours and `starting`, and starts its trainer, without waiting for either.
 * While it works, the run is in `supervision.preparing`.
 */
export function beginStart(supervision: Supervision, runId: string): void {
  forget(supervision, runId)
  const abort = new AbortController()
  const finished = start(supervision, runId, abort.signal)
    .catch((error: unknown) => refuse(supervision, runId, error, abort.signal))
    .catch((error: unknown) => console.error(`Run ${runId} could not be settled:`, error))
    .finally(() => {
      supervision.preparing.delete(runId)
      supervision.wake()
    })
  supervision.preparing.set(runId, { abort, finished })
}

async function start(supervision: Supervision, runId: string, signal: AbortSignal): Promise<void> {
  const { studio, workerId } = supervision
  const files = runFiles(studio.paths, runId)
  await prepareRun(studio, runId, signal)
  const resume = (await lastCheckpointStep(files)) !== null
  // Between preparing and starting another worker may have adopted the run, or a person stopped it.
  const run = await studio.db.run.findFirst({
    where: { id: runId, status: 'starting', claimedBy: workerId, pid: null },
    select: { device: true, startedAt: true },
  })
  if (!run?.startedAt || signal.aborted) return
  const args = ['train', files.config, '--out', files.folder, ...(resume ? ['--resume'] : [])]
  const command = trainerCommand(args, devicesOf(run.device))
  await writeLaunchNote(files, {
    claim: run.startedAt.toISOString(),
    resume,
    command: [command.program, ...command.args],
  })
  const { identity, exit } = await launch(command, { cwd: files.folder, log: files.log })
  supervision.exits.set(runId, exit)
  void exit.then(supervision.wake)
  // A stop that came in this moment has moved the status; the process is ours all the same.
  await studio.db.run.updateMany({
    where: { id: runId, claimedBy: workerId },
    data: { pid: identity?.pid ?? NO_PROCESS, pidStartedAt: identity?.startedAt ?? 'ended at once' },
  })
}

/** Stands for a process that had ended before its start time could be read; no process has this number. */
const NO_PROCESS = -1

async function refuse(
  supervision: Supervision,
  runId: string,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  // Given up on purpose: whoever did so settles the run, or the next worker prepares it again.
  if (signal.aborted) return
  const reason: RunReason =
    error instanceof RunRefused
      ? error.reason
      : { code: 'launch', message: error instanceof Error ? error.message : String(error) }
  if (!(error instanceof RunRefused)) console.error(`Run ${runId} could not be started:`, error)
  const ended = { reason, ...factsOfTheEnd() }
  const { db } = supervision.studio
  if (await moveRun(db, runId, 'starting', 'failed', ended)) return
  await moveRun(db, runId, 'stopping', 'failed', ended)
}
