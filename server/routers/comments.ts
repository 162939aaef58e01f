import { requireOwned } from '../auth/resource.ts'
import { listThreads } from '../comments/list-threads.ts'
import { answerThread, deleteComment, resolveThread, startThread } from '../comments/write-comments.ts'
import {
  AnswerThread,
  DeleteComment,
  ListComments,
  ResolveThread,
  StartThread,
} from '../contracts/comment.ts'
import { procedure, router } from '../trpc.ts'

export const commentsRouter = router({
  list: procedure.input(ListComments).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    return listThreads(ctx.db, input.imageId)
  }),

  start: procedure.input(StartThread).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    return startThread(ctx.db, ctx.viewer.id, input)
  }),

  answer: procedure.input(AnswerThread).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    return answerThread(ctx.db, ctx.viewer.id, input)
  }),

  resolve: procedure.input(ResolveThread).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    await resolveThread(ctx.db, ctx.viewer.id, input)
  }),

  delete: procedure.input(DeleteComment).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    await deleteComment(ctx.db, ctx.viewer.id, input)
  }),
})
