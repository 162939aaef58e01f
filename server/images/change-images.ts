import type { z } from 'zod'
import type { DeleteImages, SetImageSplit, SetImageStatus } from '../contracts/image.ts'
import { isTiled } from '../contracts/tiles.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import type { Studio } from '../studio.ts'
import { type Mover, moveStatus } from './move-status.ts'
import { removeTiles } from './remove-tiles.ts'

/** How many of the named images were changed: ids of other projects are as if they did not exist. */
export interface Changed {
  images: number
}

/** Moves those whose status lets this person; the count tells how many that were. */
export async function setImageStatus(
  db: Database,
  by: Mover,
  { projectId, imageIds, status }: z.infer<typeof SetImageStatus>,
): Promise<Changed> {
  const moved = await write(db, (tx) => moveStatus(tx, { projectId, id: { in: imageIds } }, status, by))
  return { images: moved.length }
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
  studio: Studio,
  { projectId, imageIds }: z.infer<typeof DeleteImages>,
): Promise<Changed> {
  const { db } = studio
  const where = { projectId, id: { in: imageIds } }
  const images = await db.image.findMany({ where, select: { sha256: true, width: true, height: true } })
  const { count } = await db.image.deleteMany({ where })
  await removeTiles(
    studio,
    images.filter(isTiled).map(({ sha256 }) => sha256),
  )
  return { images: count }
}
