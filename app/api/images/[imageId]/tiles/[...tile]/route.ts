import { requireOwned } from '../../../../../../server/auth/resource.ts'
import { isTiled, TileAddress } from '../../../../../../server/contracts/tiles.ts'
import { StudioError } from '../../../../../../server/errors.ts'
import { fileRoute } from '../../../../../../server/http/file-route.ts'
import { ensureOverview } from '../../../../../../server/images/overview.ts'
import { storedImage } from '../../../../../../server/images/stored-image.ts'
import { ensureTile } from '../../../../../../server/images/tiles.ts'
import { fileResponse } from '../../../../../../server/storage/file-response.ts'

export const runtime = 'nodejs'

export const GET = fileRoute<{ imageId: string; tile: string[] }>(
  async ({ request, params, studio, viewer }) => {
    await requireOwned(studio.db, viewer, 'image', params.imageId, 'project.read')
    const image = await storedImage(studio.db, params.imageId)
    const address = TileAddress.safeParse(params.tile)
    if (!address.success || !isTiled(image)) {
      throw new StudioError('NOT_FOUND', {
        message: 'There is no such tile. Pictures of ordinary size are sent in one piece.',
      })
    }
    const { paths } = studio
    const { sha256, fileName } = image
    const file =
      address.data === 'overview'
        ? await ensureOverview(paths, sha256)
        : await ensureTile(paths, image, address.data)
    const name = params.tile.join('_')
    return fileResponse(request, file, {
      type: 'image/jpeg',
      name: `${fileName}_${name}.jpg`,
      etag: `${sha256}-${name}`,
      immutable: true,
    })
  },
)
