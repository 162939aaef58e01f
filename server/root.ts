import { annotationsRouter } from './routers/annotations.ts'
import { attributesRouter } from './routers/attributes.ts'
import { authRouter } from './routers/auth.ts'
import { chartsRouter } from './routers/charts.ts'
import { commentsRouter } from './routers/comments.ts'
import { imagesRouter } from './routers/images.ts'
import { labelsRouter } from './routers/labels.ts'
import { membersRouter } from './routers/members.ts'
import { modelsRouter } from './routers/models.ts'
import { predictionsRouter } from './routers/predictions.ts'
import { projectsRouter } from './routers/projects.ts'
import { reviewsRouter } from './routers/reviews.ts'
import { runsRouter } from './routers/runs.ts'
import { samplesRouter } from './routers/samples.ts'
import { suggestionsRouter } from './routers/suggestions.ts'
import { teamRouter } from './routers/team.ts'
import { versionsRouter } from './routers/versions.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  annotations: annotationsRouter,
  attributes: attributesRouter,
  auth: authRouter,
  charts: chartsRouter,
  comments: commentsRouter,
  images: imagesRouter,
  labels: labelsRouter,
  members: membersRouter,
  models: modelsRouter,
  predictions: predictionsRouter,
  projects: projectsRouter,
  reviews: reviewsRouter,
  runs: runsRouter,
  samples: samplesRouter,
  suggestions: suggestionsRouter,
  team: teamRouter,
  versions: versionsRouter,
})

/** Imported by the browser as a type only. */
export type AppRouter = typeof appRouter
