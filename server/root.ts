import { authRouter } from './routers/auth.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  auth: authRouter,
})

/** Imported by the browser as a type only. */
export type AppRouter = typeof appRouter
