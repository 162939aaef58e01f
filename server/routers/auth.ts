import { createOwner, hasOwner } from '../auth/create-owner.ts'
import { CreateOwner } from '../contracts/member.ts'
import { publicProcedure, router } from '../trpc.ts'

export const authRouter = router({
  /** What the first page needs to know: make the owner, sign in, or go on. */
  state: publicProcedure.query(async ({ ctx }) => {
    const needsOwner = !ctx.viewer && !(await hasOwner(ctx.db))
    return { needsOwner, needsCode: needsOwner && !ctx.isLocalVisitor, viewer: ctx.viewer }
  }),

  /** Makes the account only; the page then signs in with it at POST /api/auth/sign-in/email. */
  createOwner: publicProcedure
    .input(CreateOwner)
    .mutation(({ ctx, input }) => createOwner(ctx, input, !ctx.isLocalVisitor)),
})
