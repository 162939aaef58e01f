import { CreateSample } from '../contracts/project.ts'
import { createSampleProject, sampleProgress } from '../samples/create-sample-project.ts'
import { procedure, router } from '../trpc.ts'

export const samplesRouter = router({
  create: procedure
    .input(CreateSample)
    .mutation(({ ctx, input }) => createSampleProject(ctx, ctx.viewer.id, input.language)),

  /** Of one's own sample; null when none is being drawn. */
  progress: procedure.query(({ ctx }) => sampleProgress(ctx, ctx.viewer.id)),
})
