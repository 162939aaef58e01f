import type { z } from 'zod'
import type { DeleteImages, SetImageSplit, SetImageStatus } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'

/** How many of the named images were changed: ids of other projects are as if they did not exist. */
export interface Changed {
  images: number
}

export async function setImageStatus(
  db: Database,
  { projectId, imageIds, status }: z.infer<typeof SetImageStatus>,
): Promise<Changed> {
  const { count } = await db.image.updateMany({
    where: { projectId, id: { in: imageIds } },
    data: { status },
  })
  return { images: count }
}

export async function setImageSplit(
  db: Database,
  { projectId, imageIds, split }: z.infer<typeof SetImageSplit>,
): Promise<Changed> {
  const { count } = await db.image.updateMany({ where: { projectId, id: { in: imageIds } }, data: { split } })
  return { images: count }
}

/**
 * Deletes images with their annotations and history. The bytes stay in the blob store: frozen versions and
 * other projects may still need them.
 */
export async function deleteImages(
  db: Database,
  { projectId, imageIds }: z.infer<typeof DeleteImages>,
): Promise<Changed> {
  const { count } = await db.image.deleteMany({ where: { projectId, id: { in: imageIds } } })
  return { images: count }
}
