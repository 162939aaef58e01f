import type { z } from 'zod'
import type { Prisma } from '../../prisma/generated/client.ts'
import type { DeleteImages, SetImageSplit, SetImageStatus } from '../contracts/image.ts'
import { readPositions } from '../contracts/image-positions.ts'
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
  { status, ...which }: z.infer<typeof SetImageStatus>,
): Promise<Changed> {
  const moved = await write(db, (tx) => moveStatus(tx, named(which), status, by))
  return { images: moved.length }
}

export async function setImageSplit(
  db: Database,
  { split, ...which }: z.infer<typeof SetImageSplit>,
): Promise<Changed> {
  const { count } = await db.image.updateMany({ where: named(which), data: { split } })
  return { images: count }
}

/**
 * Deletes images with their annotations and history. The bytes stay in the blob store: frozen versions and
 * other projects may still need them.
 */
export async function deleteImages(studio: Studio, which: z.infer<typeof DeleteImages>): Promise<Changed> {
  const { projectId } = which
  const deleted = await write(studio.db, async (tx) => {
    // Positions name images, in addresses of requests and in what somebody has chosen: none is given twice.
    await tx.$executeRaw`
      UPDATE "Project" SET "lastPosition" = max("lastPosition", coalesce(
        (SELECT max(i."position") FROM "Image" i WHERE i."projectId" = ${projectId}), 0))
      WHERE "id" = ${projectId}`
    const where = named(which)
    const images = await tx.image.findMany({ where, select: { sha256: true, width: true, height: true } })
    await tx.image.deleteMany({ where })
    return images
  })
  await removeTiles(
    studio,
    deleted.filter(isTiled).map(({ sha256 }) => sha256),
  )
  return { images: deleted.length }
}

type Named = { projectId: string } & ({ imageIds: string[] } | { positions: string })

function named(which: Named): Prisma.ImageWhereInput {
  const { projectId } = which
  if ('imageIds' in which) return { projectId, id: { in: which.imageIds } }
  return { projectId, position: { in: [...readPositions(which.positions)] } }
}
