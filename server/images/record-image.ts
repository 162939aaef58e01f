import type { ImageOrigin, IngestResult } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { storageError } from '../storage/storage-error.ts'
import type { PreparedImage } from './prepare-image.ts'

/**
 * Makes the row of a prepared picture at the end of the project, unless the project has the picture.
 * @throws StudioError STORAGE when the database cannot be written
 */
export async function recordImage(
  db: Database,
  projectId: string,
  image: PreparedImage,
  { fileName, origin }: { fileName: string; origin: ImageOrigin },
): Promise<IngestResult> {
  const { sha256 } = image
  try {
    return await write(db, async (tx) => {
      const same = await tx.image.findUnique({
        where: { projectId_sha256: { projectId, sha256 } },
        select: { id: true },
      })
      if (same) return { outcome: 'duplicate', file: fileName, imageId: same.id }
      const last = await tx.image.findFirst({
        where: { projectId },
        orderBy: { position: 'desc' },
        select: { position: true },
      })
      const id = newId('im')
      await tx.image.create({
        data: { ...image, id, projectId, fileName, origin, position: (last?.position ?? 0) + 1 },
      })
      return { outcome: 'added', file: fileName, imageId: id }
    })
  } catch (error) {
    throw storageError(error) ?? error
  }
}
