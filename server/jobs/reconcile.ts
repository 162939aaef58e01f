import { RunStatus, StopMode } from '../contracts/run.ts'
import { recordArtefact } from '../runs/record-artefact.ts'
import { lastCheckpointStep, type RunFiles, runFiles } from '../runs/run-files.ts'
import { ACTIVE, adoptRuns } from './claim.ts'
import { type EventDigest, emptyDigest, readOn } from './event-digest.ts'
import { readLaunchNote } from './launch-note.ts'
import { factsOfTheEnd, moveRun } from './lifecycle.ts'
import { findProcess, isAlive, type ProcessIdentity } from './process-identity.ts'
import { endAll, signalGroup, signalLeader } from './signal-group.ts'
import { beginStart } from './start-process.ts'
import { forget, type Supervision } from './supervision.ts'
import { takeOverResults } from './take-over-results.ts'
import { verdict } from './verdict.ts'

const ROW = {
  id: true,
  status: true,
  stopRequest: true,
  pid: true,
  pidStartedAt: true,
  startedAt: true,
} as const

interface RunRow {
  id: string
  status: RunStatus
  stopRequest: string | null
  pid: number | null
  pidStartedAt: string | null
  startedAt: Date | null
}

/**
 * One look at every unfinished run of this worker: compares the row with the files and the process
 * and makes the move that follows. It needs no memory of earlier looks, so it is the same at boot,
 * after a crash and every second.
 */
export async function reconcile(supervision: Supervision): Promise<void> {
  const { db } = supervision.studio
  await adoptRuns(db, supervision.workerId)
  const rows = await db.run.findMany({
    where: { status: { in: ACTIVE }, claimedBy: supervision.workerId },
    select: ROW,
  })
  for (const row of rows) {
    try {
      await reconcileRun(supervision, { ...row, status: RunStatus.parse(row.status) })
    } catch (error) {
      // One unreadable folder must not keep the worker from the other runs.
      console.error(`Run ${row.id} could not be looked after:`, error)
    }
  }
}

async function reconcileRun(supervision: Supervision, row: RunRow): Promise<void> {
  const preparing = supervision.preparing.get(row.id)
  if (preparing) {
    if (row.status === 'stopping') preparing.abort.abort()
    return
  }
  const files = runFiles(supervision.studio.paths, row.id)
  const identity = await knownProcess(supervision, row, files)
  // First the process, then the file: what a process that is gone has written is then complete.
  const alive = identity !== null && (await isAlive(identity))
  const digest = await catchUp(supervision, row, files)
  const status = await noticeFirstEvent(supervision, row, digest)
  if (alive) {
    await passOnStop(supervision, row, identity, files)
  } else if (identity === null && digest.count === 0) {
    await startOrGiveUp(supervision, { ...row, status })
  } else {
    await settle(supervision, { ...row, status }, files, digest)
  }
}

/** The recorded process, or one that its dead worker could not record any more. */
async function knownProcess(
  { studio }: Supervision,
  row: RunRow,
  files: RunFiles,
): Promise<ProcessIdentity | null> {
  if (row.pid !== null && row.pidStartedAt !== null) return { pid: row.pid, startedAt: row.pidStartedAt }
  // The run's folder is an argument of `train` alone; `check` is only given run.json.
  const found = await findProcess(files.folder)
  if (found) {
    await studio.db.run.updateMany({
      where: { id: row.id, pid: null },
      data: { pid: found.pid, pidStartedAt: found.startedAt },
    })
  }
  return found
}

/** Reads the new events of this launch and takes over what they announce. */
async function catchUp(supervision: Supervision, row: RunRow, files: RunFiles): Promise<EventDigest> {
  const runId = row.id
  const note = await readLaunchNote(files, row.startedAt)
  const before = supervision.digests.get(runId) ?? emptyDigest(note?.events_offset ?? 0)
  const digest = note ? await readOn(before, files.events) : before
  for (const event of digest.artefacts.slice(before.artefacts.length)) {
    await recordArtefact(supervision.studio.db, runId, event)
  }
  for (const { end, problem } of digest.badLines.slice(before.badLines.length)) {
    console.warn(`Run ${runId}: a line before byte ${end} of events.jsonl is skipped: ${problem}`)
  }
  supervision.digests.set(runId, digest)
  return digest
}

async function noticeFirstEvent(
  { studio }: Supervision,
  row: RunRow,
  digest: EventDigest,
): Promise<RunStatus> {
  if (row.status !== 'starting' || digest.count === 0) return row.status
  return (await moveRun(studio.db, row.id, 'starting', 'running')) ? 'running' : 'stopping'
}

async function passOnStop(
  supervision: Supervision,
  row: RunRow,
  target: ProcessIdentity,
  files: RunFiles,
): Promise<void> {
  if (row.status !== 'stopping') return
  const mode = StopMode.parse(row.stopRequest ?? 'save')
  if (supervision.signalled.get(row.id) === mode) return
  supervision.signalled.set(row.id, mode)
  if (mode === 'save') {
    await signalLeader(target, 'SIGTERM')
    return
  }
  await signalGroup(target, 'SIGKILL')
  await endAll(files.folder)
}

/** There never was a process: make one, or, if a person has stopped the run meanwhile, leave it at that. */
async function startOrGiveUp(supervision: Supervision, row: RunRow): Promise<void> {
  if (row.status === 'starting') {
    beginStart(supervision, row.id)
    return
  }
  await moveRun(supervision.studio.db, row.id, 'stopping', 'stopped', {
    reason: { code: 'stoppedBeforeStart' },
    ...factsOfTheEnd(),
  })
  forget(supervision, row.id)
}

/** The process is gone: says how it ended, after all that it left behind is in the database. */
async function settle(
  supervision: Supervision,
  row: RunRow,
  files: RunFiles,
  digest: EventDigest,
): Promise<void> {
  const { studio } = supervision
  // The first process of a run on several cards may have been killed alone; the next run needs the cards.
  await endAll(files.folder)
  const end = verdict({
    digest,
    // Ours, and gone: the exit is known or will be in this very moment. Not ours: nobody saw it.
    exit: (await supervision.exits.get(row.id)) ?? null,
    stopRequest: row.status === 'stopping' ? StopMode.parse(row.stopRequest ?? 'save') : null,
    checkpointStep: await lastCheckpointStep(files),
  })
  await takeOverResults(studio, row.id)
  const facts = { reason: end.reason, ...factsOfTheEnd(end.exitCode) }
  if (await moveRun(studio.db, row.id, row.status, end.status, facts)) forget(supervision, row.id)
}
