import { stat } from 'node:fs/promises'
import { BaseModelId } from '../contracts/ids.ts'
import { PredictionModel } from '../contracts/prediction.ts'
import { baseBundleFolder } from '../models/model-folder.ts'
import { hasPredictions, importPredictions } from '../runs/import-predictions.ts'
import type { Studio } from '../studio.ts'
import { queueTask } from './queue-task.ts'

/**
 * Brings into the database what a finished trainer left in the folder of its run, and asks for what a
 * review needs besides. A failure here is logged and does not change how the run ended: its weights
 * are good, and both can be asked for again from the review.
 */
export async function takeOverResults(studio: Studio, runId: string, succeeded: boolean): Promise<void> {
  try {
    for (const model of PredictionModel.options) {
      if (await hasPredictions(studio, runId, model)) await importPredictions(studio, runId, model)
    }
    if (succeeded) await provideBaseBundle(studio, runId)
  } catch (error) {
    console.error(`Results of run ${runId} could not be taken over:`, error)
  }
}

/** The browser compares the tuned model with its base, so the base needs a bundle too, once. */
async function provideBaseBundle(studio: Studio, runId: string): Promise<void> {
  const run = await studio.db.run.findUniqueOrThrow({ where: { id: runId }, select: { baseModelId: true } })
  if (await stat(baseBundleFolder(studio.paths, run.baseModelId)).catch(() => null)) return
  await queueTask(studio.db, { kind: 'export-base', baseModelId: BaseModelId.parse(run.baseModelId) })
}
