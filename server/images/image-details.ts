import { Prisma } from '../../prisma/generated/client.ts'
import { ImageBaking, type ImageFilter, ImageOrigin, ImageStatus, Split } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { matching } from './image-filter.ts'
import { countImages } from './list-images.ts'

/**
 * One image with its place among those that match the filter. `place` counts from 1; the image itself need
 * not match (somebody may have marked it done a moment ago), then it is the place it would have.
 */
export async function imageDetails(db: Database, imageId: string, filter: ImageFilter) {
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
    },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image was deleted.' })
  const where = matching(image.projectId, filter)
  const { position } = image
  const neighbour = async (side: Prisma.Sql) => {
    const [row] = await db.$queryRaw<{ id: string }[]>`
      SELECT i."id" FROM "Image" i WHERE ${where} AND ${side} LIMIT 1`
    return row?.id ?? null
  }
  const [previousId, nextId, before, total] = await Promise.all([
    neighbour(Prisma.sql`i."position" < ${position} ORDER BY i."position" DESC`),
    neighbour(Prisma.sql`i."position" > ${position} ORDER BY i."position" ASC`),
    countImages(db, Prisma.sql`${where} AND i."position" < ${position}`),
    countImages(db, where),
  ])
  return {
    ...image,
    baking: ImageBaking.parse(image.baking),
    origin: ImageOrigin.parse(image.origin),
    split: Split.nullable().parse(image.split),
    status: ImageStatus.parse(image.status),
    previousId,
    nextId,
    place: before + 1,
    total,
  }
}
