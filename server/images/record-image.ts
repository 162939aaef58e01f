import type { ImageOrigin, IngestResult, Split } from '../contracts/image.ts'
import type { Database, Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { storageError } from '../storage/storage-error.ts'
import type { PreparedImage } from './prepare-image.ts'

export interface ImageFacts {
  fileName: string
  origin: ImageOrigin
  split?: Split | null
}

/**
 * Makes the row of a prepared picture at the end of the project, unless the project has the picture.
 * @throws StudioError STORAGE when the database cannot be written
 */
export async function recordImage(
  db: Database,
  projectId: string,
  image: PreparedImage,
  facts: ImageFacts,
): Promise<IngestResult> {
  try {
    return await write(db, (tx) => recordImageIn(tx, projectId, image, facts))
  } catch (error) {
    throw storageError(error) ?? error
  }
}

/** The same inside a transaction of the caller's, who has more to write with the row. */
export async function recordImageIn(
  tx: Transaction,
  projectId: string,
  image: PreparedImage,
  { fileName, origin, split = null }: ImageFacts,
): Promise<Extract<IngestResult, { imageId: string }>> {
  const { sha256 } = image
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
  const project = await tx.project.findUniqueOrThrow({
    where: { id: projectId },
    select: { lastPosition: true },
  })
  const position = Math.max(last?.position ?? 0, project.lastPosition) + 1
  await tx.image.create({ data: { ...image, id, projectId, fileName, origin, split, position } })
  return { outcome: 'added', file: fileName, imageId: id }
}
