import { RunStatus, type StopMode } from '../contracts/run.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { factsOfTheEnd, moveRun } from '../jobs/lifecycle.ts'

/**
 * Asks for the end of a run. In the queue it is over at once; otherwise the worker passes it on to the
 * process. Asking for `now` after `save` is allowed, the other way round is not: that cannot be undone.
 * @throws StudioError WRONG_STATE when the run has ended
 */
export async function stopRun(db: Database, runId: string, mode: StopMode): Promise<void> {
  await write(db, async (tx) => {
    const run = await tx.run.findUniqueOrThrow({
      where: { id: runId },
      select: { status: true, stopRequest: true },
    })
    const status = RunStatus.parse(run.status)
    if (status === 'queued') {
      const reason = { code: 'stoppedBeforeStart' } as const
      await moveRun(tx, runId, 'queued', 'stopped', { reason, ...factsOfTheEnd() })
    } else if (status === 'starting' || status === 'running') {
      await moveRun(tx, runId, status, 'stopping', { stopRequest: mode })
    } else if (status === 'stopping') {
      if (mode === 'now') await tx.run.update({ where: { id: runId }, data: { stopRequest: 'now' } })
    } else {
      throw new StudioError('WRONG_STATE', {
        message: 'This run has ended already; there is nothing to stop.',
      })
    }
  })
}
