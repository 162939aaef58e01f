import { requireAccess } from '../auth/access.ts'
import { requireOwned } from '../auth/resource.ts'
import { JudgeImage } from '../contracts/review-work.ts'
import { judgeImage } from '../reviews/judge-image.ts'
import { procedure, router } from '../trpc.ts'

/** Judging people's work; `predictions.review` is about the answers of models. */
export const reviewsRouter = router({
  judge: procedure.input(JudgeImage).mutation(async ({ ctx, input }) => {
    const projectId = await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.review')
    const role = await requireAccess(ctx.db, ctx.viewer, projectId, 'annotations.review')
    return judgeImage(ctx.db, { id: ctx.viewer.id, role }, input)
  }),
})
