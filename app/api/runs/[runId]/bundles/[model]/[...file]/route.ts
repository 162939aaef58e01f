import { requireOwned } from '../../../../../../../server/auth/resource.ts'
import { fileRoute } from '../../../../../../../server/http/file-route.ts'
import { bundleFile } from '../../../../../../../server/predictions/browser-bundle.ts'

export const runtime = 'nodejs'

/** Running a model writes predictions, so whoever may not do that has no use for its weights. */
export const GET = fileRoute<{ runId: string; model: string; file: string[] }>(
  async ({ request, params: { runId, model, file }, studio, viewer }) => {
    await requireOwned(studio.db, viewer, 'run', runId, 'predictions.write')
    return bundleFile(request, studio, { runId, model, file: file.join('/') })
  },
)

export { GET as HEAD }
