import { requireOwned } from '../auth/resource.ts'
import { SaveAnswers } from '../contracts/prediction.ts'
import { RunInput } from '../contracts/run.ts'
import { browserBundles } from '../predictions/browser-bundle.ts'
import { reviewRun } from '../predictions/review.ts'
import { saveAnswers } from '../predictions/save-answers.ts'
import { procedure, router } from '../trpc.ts'

export const predictionsRouter = router({
  /** Held-out samples with truth and answers, totals, and how far browser and server agree. */
  review: procedure.input(RunInput).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.read')
    return reviewRun(ctx, input.runId)
  }),

  /** Which models of the run the browser can run. */
  bundles: procedure.input(RunInput).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.read')
    return browserBundles(ctx, input.runId)
  }),

  save: procedure.input(SaveAnswers).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'predictions.write')
    return { saved: await saveAnswers(ctx, input) }
  }),
})
