import { router } from './trpc.ts'

export const appRouter = router({})

/** Imported by the browser as a type only. */
export type AppRouter = typeof appRouter
