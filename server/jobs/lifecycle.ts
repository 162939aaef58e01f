import type { Prisma } from '../../prisma/generated/client.ts'
import { LEGAL_MOVES, type RunStatus } from '../contracts/run.ts'
import type { RunReason } from '../contracts/run-reason.ts'
import type { Database, Transaction } from '../db/client.ts'

type Facts = Omit<Prisma.RunUncheckedUpdateManyInput, 'id' | 'status' | 'reason'> & {
  reason?: RunReason | null
}

/**
 * Moves a run from one status to another: the only way a status ever changes. The update carries the
 * old status as its condition, so of two who try, one wins.
 * @returns false when the run was no longer in `from`: somebody else has moved it
 * @throws when the table of legal moves does not allow it, which is a defect of the caller
 */
export async function moveRun(
  db: Database | Transaction,
  runId: string,
  from: RunStatus,
  to: RunStatus,
  { reason, ...facts }: Facts = {},
): Promise<boolean> {
  if (!LEGAL_MOVES[from].includes(to)) throw new Error(`A run cannot move from ${from} to ${to}.`)
  const { count } = await db.run.updateMany({
    where: { id: runId, status: from },
    data: { ...facts, status: to, ...(reason === undefined ? {} : { reason: reasonText(reason) }) },
  })
  return count === 1
}

function reasonText(reason: RunReason | null): string | null {
  return reason === null ? null : JSON.stringify(reason)
}

/** What every move into an ended status writes: the run holds no process, no worker and no device any more. */
export function factsOfTheEnd(exitCode: number | null = null): Facts {
  return { endedAt: new Date(), exitCode, claimedBy: null, stopRequest: null, pid: null, pidStartedAt: null }
}
