import { cancelDrawing, drawingOf, startDrawing } from '../charts/draw-into-project.ts'
import { previewDrawing } from '../charts/preview-drawing.ts'
import { OneDrawing, PreviewDrawing, StartDrawing } from '../contracts/chart.ts'
import { procedure, projectProcedure, router } from '../trpc.ts'

export const chartsRouter = router({
  /** Draws a few pictures and keeps nothing. A mutation only because sources are too long for a URL. */
  preview: procedure
    .input(PreviewDrawing)
    .mutation(({ input }) => previewDrawing(input.sources, input.options)),

  /** It makes classes and decides what is held out, so annotators leave it alone. */
  draw: projectProcedure('project.manage')
    .input(StartDrawing)
    .mutation(({ ctx, input: { projectId, sources, options } }) =>
      startDrawing(ctx, { projectId, sources, options, userId: ctx.viewer.id }),
    ),

  drawing: projectProcedure('project.read')
    .input(OneDrawing)
    .query(({ ctx, input }) => drawingOf(ctx, input.projectId)),

  cancel: projectProcedure('project.manage')
    .input(OneDrawing)
    .mutation(({ ctx, input }) => cancelDrawing(ctx, input.projectId)),
})
