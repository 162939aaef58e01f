import { fileRoute } from '../../../../../../server/http/file-route.ts'
import { baseBundleFile } from '../../../../../../server/predictions/browser-bundle.ts'

export const runtime = 'nodejs'

/** Base models are no project's: whoever may sign in may look at them and run them in their browser. */
export const GET = fileRoute<{ modelId: string; file: string[] }>(({ request, params, studio }) =>
  baseBundleFile(request, studio, { modelId: params.modelId, file: params.file.join('/') }),
)

export { GET as HEAD }
