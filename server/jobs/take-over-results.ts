import { PredictionModel } from '../contracts/prediction.ts'
import { hasPredictions, importPredictions } from '../runs/import-predictions.ts'
import type { Studio } from '../studio.ts'

/**
 * Brings into the database what a finished trainer left in the folder of its run. A failure here is
 * logged and does not change how the run ended: its weights are good, and predictions can be asked
 * for again from the review.
 */
export async function takeOverResults(studio: Studio, runId: string): Promise<void> {
  try {
    for (const model of PredictionModel.options) {
      if (await hasPredictions(studio, runId, model)) await importPredictions(studio, runId, model)
    }
  } catch (error) {
    console.error(`Results of run ${runId} could not be taken over:`, error)
  }
}
