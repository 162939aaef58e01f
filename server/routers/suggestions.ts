import { z } from 'zod'
import { requireOwned } from '../auth/resource.ts'
import { BaseModelId, ProjectId } from '../contracts/ids.ts'
import { JudgeSuggestions, StartPrelabel } from '../contracts/suggestion.ts'
import { queueTask } from '../jobs/queue-task.ts'
import { judgeSuggestions } from '../suggestions/judge-suggestions.ts'
import { listAssistModels } from '../suggestions/list-assist-models.ts'
import { cancelPrelabel, listPrelabels, retryPrelabel } from '../suggestions/prelabels.ts'
import { startPrelabel } from '../suggestions/start-prelabel.ts'
import { procedure, projectProcedure, router } from '../trpc.ts'

const InProject = z.object({ projectId: ProjectId })
const OnePrelabel = InProject.extend({ taskId: z.string().min(1).max(64) })

export const suggestionsRouter = router({
  /** Which models can be asked for boxes, and what the browser would load. */
  models: projectProcedure('project.read')
    .input(InProject)
    .query(({ ctx, input }) => listAssistModels(ctx, input.projectId)),

  /** Asks the worker for the browser bundle of a base model. */
  exportBase: projectProcedure('predictions.write')
    .input(InProject.extend({ baseModelId: BaseModelId }))
    .mutation(async ({ ctx, input }) => {
      const { id } = await queueTask(ctx.db, { kind: 'export-base', baseModelId: input.baseModelId })
      return { taskId: id }
    }),

  /** Rejecting, and taking that back. Accepting is saving a box. */
  judge: procedure.input(JudgeSuggestions).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    return { judged: await judgeSuggestions(ctx.db, input) }
  }),

  prelabel: projectProcedure('images.prelabel')
    .input(StartPrelabel)
    .mutation(({ ctx, input }) => startPrelabel(ctx, input, ctx.viewer.id)),

  prelabels: projectProcedure('project.read')
    .input(InProject)
    .query(({ ctx, input }) => listPrelabels(ctx, input.projectId)),

  cancelPrelabel: projectProcedure('images.prelabel')
    .input(OnePrelabel)
    .mutation(({ ctx, input }) => cancelPrelabel(ctx, input.projectId, input.taskId)),

  retryPrelabel: projectProcedure('images.prelabel')
    .input(OnePrelabel)
    .mutation(({ ctx, input }) => retryPrelabel(ctx, input.projectId, input.taskId)),
})
