import { requireOwned } from '../../../../../../server/auth/resource.ts'
import { fileRoute } from '../../../../../../server/http/file-route.ts'
import { runPicture } from '../../../../../../server/runs/run-picture.ts'

export const runtime = 'nodejs'

/** A picture of the data set that the run was given, for the examples on its page. */
export const GET = fileRoute<{ runId: string; file: string[] }>(
  async ({ request, params: { runId, file }, studio, viewer }) => {
    await requireOwned(studio.db, viewer, 'run', runId, 'project.read')
    return runPicture(request, studio, runId, file.join('/'))
  },
)

export { GET as HEAD }
