import { authRouter } from './routers/auth.ts'
import { labelsRouter } from './routers/labels.ts'
import { membersRouter } from './routers/members.ts'
import { projectsRouter } from './routers/projects.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  auth: authRouter,
  labels: labelsRouter,
  members: membersRouter,
  projects: projectsRouter,
})

/** Imported by the browser as a type only. */
export type AppRouter = typeof appRouter
