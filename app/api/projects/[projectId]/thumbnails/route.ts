import { requireAccess } from '../../../../../server/auth/access.ts'
import { ThumbnailsQuery } from '../../../../../server/contracts/image.ts'
import { fileRoute } from '../../../../../server/http/file-route.ts'
import { packThumbnails } from '../../../../../server/images/thumbnail-pack.ts'

export const runtime = 'nodejs'

export const GET = fileRoute<{ projectId: string }>(async ({ request, params, studio, viewer }) => {
  await requireAccess(studio.db, viewer, params.projectId, 'project.read')
  const { positions } = ThumbnailsQuery.parse(Object.fromEntries(new URL(request.url).searchParams))
  const { bytes, isComplete } = await packThumbnails(studio, params.projectId, positions)
  return new Response(bytes, {
    headers: {
      'content-type': 'application/octet-stream',
      // No position is ever given to a second image.
      'cache-control': isComplete ? 'private, max-age=31536000, immutable' : 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    },
  })
})
