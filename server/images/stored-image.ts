import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'

/** Which bytes an image is, for the routes that send them. */
export async function storedImage(db: Database, imageId: string) {
  const image = await db.image.findUnique({
    where: { id: imageId },
    select: { sha256: true, mediaType: true, fileName: true, width: true, height: true },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image was deleted.' })
  return { ...image, fileName: image.fileName.split('/').at(-1) ?? image.fileName }
}
