import { ImageBaking, ImageOrigin, ImageStatus, Split } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'

export async function imageDetails(db: Database, imageId: string) {
  const image = await db.image.findUnique({
    where: { id: imageId },
    select: {
      id: true,
      projectId: true,
      fileName: true,
      sha256: true,
      originalSha256: true,
      mediaType: true,
      bytes: true,
      width: true,
      height: true,
      baking: true,
      origin: true,
      split: true,
      status: true,
      revision: true,
      position: true,
      createdAt: true,
      assignee: { select: { id: true, name: true } },
    },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image was deleted.' })
  return {
    ...image,
    baking: ImageBaking.parse(image.baking),
    origin: ImageOrigin.parse(image.origin),
    split: Split.nullable().parse(image.split),
    status: ImageStatus.parse(image.status),
  }
}
