import { CreateSample } from '../contracts/project.ts'
import { createSampleProject } from '../samples/create-sample-project.ts'
import { procedure, router } from '../trpc.ts'

export const samplesRouter = router({
  create: procedure
    .input(CreateSample)
    .mutation(({ ctx, input }) => createSampleProject(ctx, ctx.viewer.id, input.language)),
})
