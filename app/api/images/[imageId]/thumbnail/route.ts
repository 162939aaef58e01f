import { requireOwned } from '../../../../../server/auth/resource.ts'
import { fileRoute } from '../../../../../server/http/file-route.ts'
import { storedImage } from '../../../../../server/images/stored-image.ts'
import { ensureThumbnail } from '../../../../../server/images/thumbnail.ts'
import { fileResponse } from '../../../../../server/storage/file-response.ts'

export const runtime = 'nodejs'

export const GET = fileRoute<{ imageId: string }>(async ({ request, params, studio, viewer }) => {
  await requireOwned(studio.db, viewer, 'image', params.imageId, 'project.read')
  const { sha256, fileName } = await storedImage(studio.db, params.imageId)
  return fileResponse(request, await ensureThumbnail(studio.paths, sha256), {
    type: 'image/webp',
    name: `${fileName}.webp`,
    etag: `${sha256}-thumbnail`,
    immutable: true,
  })
})
