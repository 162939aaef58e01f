import { rm } from 'node:fs/promises'
import { ENDED, RunStatus } from '../contracts/run.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { runFiles } from './run-files.ts'

/**
 * Deletes an ended run with its weights, checkpoints, events and predictions. There is no undo.
 * @throws StudioError WRONG_STATE when it has not ended
 */
export async function deleteRun(studio: Studio, runId: string): Promise<void> {
  await write(studio.db, async (tx) => {
    const { status } = await tx.run.findUniqueOrThrow({ where: { id: runId }, select: { status: true } })
    if (!ENDED.includes(RunStatus.parse(status))) {
      throw new StudioError('WRONG_STATE', { message: 'Stop the run before you delete it.' })
    }
    await tx.run.delete({ where: { id: runId } })
  })
  await rm(runFiles(studio.paths, runId).folder, { recursive: true, force: true })
}
