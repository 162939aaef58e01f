import { LEGAL_MOVES, RunStatus } from '../contracts/run.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { moveRun } from '../jobs/lifecycle.ts'

/**
 * Puts a run that was stopped, failed or got lost back into the queue. It goes on from its newest
 * checkpoint; without one it begins again.
 * @throws StudioError WRONG_STATE when it has not ended, or has succeeded
 */
export async function resumeRun(db: Database, runId: string): Promise<void> {
  await write(db, async (tx) => {
    const run = await tx.run.findUniqueOrThrow({
      where: { id: runId },
      select: { status: true },
    })
    const status = RunStatus.parse(run.status)
    if (!LEGAL_MOVES[status].includes('queued')) {
      throw new StudioError('WRONG_STATE', {
        message:
          status === 'succeeded'
            ? 'This run is complete. Clone it to train longer.'
            : 'This run is still going on.',
      })
    }
    const last = await tx.run.aggregate({ _max: { position: true } })
    await moveRun(tx, runId, status, 'queued', { reason: null, position: (last._max.position ?? 0) + 1 })
  })
}
