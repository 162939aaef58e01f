import { DeleteLabel, SaveLabel } from '../contracts/project.ts'
import { deleteLabel, listLabels, saveLabel } from '../projects/labels.ts'
import { projectProcedure, router } from '../trpc.ts'

export const labelsRouter = router({
  list: projectProcedure('project.read').query(({ ctx, input }) => listLabels(ctx.db, input.projectId)),

  /** Creates by name, or changes the colour of that name. Annotators may: a new class comes up while drawing. */
  save: projectProcedure('annotations.write')
    .input(SaveLabel)
    .mutation(({ ctx, input }) => saveLabel(ctx.db, input)),

  delete: projectProcedure('project.manage')
    .input(DeleteLabel)
    .mutation(({ ctx, input }) => deleteLabel(ctx.db, input.projectId, input.labelId)),
})
