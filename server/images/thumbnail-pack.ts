import { readFile } from 'node:fs/promises'
import { readPositions } from '../contracts/image-positions.ts'
import { isStudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { ensureThumbnail, thumbnailPath } from './thumbnail.ts'

export interface ThumbnailPack {
  /** For each image its position, the length of its thumbnail (both 32 bits, big endian), and the thumbnail. */
  bytes: Uint8Array<ArrayBuffer>
  /** False = a picture has been lost: its length is 0, and somebody may restore it. */
  isComplete: boolean
}

/**
 * The thumbnails of many images in one answer. Asked for one by one a screen of them takes the server a quarter of a
 * second, most of it for finding out, again and again, who asks.
 */
export async function packThumbnails(
  { db, paths }: Studio,
  projectId: string,
  positions: string,
): Promise<ThumbnailPack> {
  const images = await db.image.findMany({
    where: { projectId, position: { in: [...readPositions(positions)] } },
    orderBy: { position: 'asc' },
    select: { position: true, sha256: true },
  })
  const files = await Promise.all(
    images.map(async ({ sha256 }) => {
      const there = await readFile(thumbnailPath(paths, sha256)).catch(() => null)
      if (there) return there
      try {
        return await readFile(await ensureThumbnail(paths, sha256))
      } catch (error) {
        if (isStudioError(error) && error.code === 'NOT_FOUND') return null
        throw error
      }
    }),
  )
  const parts = images.flatMap(({ position }, index) => {
    const file = files[index] ?? Buffer.alloc(0)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(position, 0)
    head.writeUInt32BE(file.length, 4)
    return [head, file]
  })
  return { bytes: new Uint8Array(Buffer.concat(parts)), isComplete: !files.includes(null) }
}
