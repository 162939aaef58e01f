import { rm } from 'node:fs/promises'
import { type ImageBaking, MAX_IMAGE_BYTES } from '../contracts/image.ts'
import { isTiled } from '../contracts/tiles.ts'
import { adopt, hashFile } from '../storage/blobs.ts'
import type { DataPaths } from '../storage/paths.ts'
import { bakeImage } from './bake.ts'
import { explainDecodeError } from './decode-error.ts'
import { withDecodeSlot } from './decode-slots.ts'
import { IngestRefused } from './ingest-refused.ts'
import { makeOverview } from './overview.ts'
import type { ImageFormat } from './sniff-format.ts'
import { makeThumbnail } from './thumbnail.ts'

/** A picture whose bytes are in the store, ready to become a row. */
export interface PreparedImage {
  sha256: string
  originalSha256: string | null
  mediaType: string
  bytes: number
  width: number
  height: number
  baking: ImageBaking
}

/**
 * Bakes one spooled file and moves it into the blob store, with its thumbnail. Takes the file: afterwards
 * it is gone from the temporary folder, whatever happened.
 * @throws IngestRefused, or StudioError STORAGE
 */
export async function prepareImage(
  paths: DataPaths,
  upload: { file: string; sha256: string; bytes: number },
  format: ImageFormat,
): Promise<PreparedImage> {
  try {
    if (upload.bytes > MAX_IMAGE_BYTES) throw new IngestRefused('tooManyBytes')
    return await withDecodeSlot(async () => {
      const { file, ...baked } = await bakeImage(paths, upload.file, format)
      try {
        const stored = file === upload.file ? upload : await hashFile(file)
        await makePreviews(paths, file, { ...baked, sha256: stored.sha256 }).catch(async (error: unknown) => {
          throw await explainDecodeError(error, file, format)
        })
        const isChanged = file !== upload.file
        await adopt(paths, file, stored.sha256)
        if (isChanged) await adopt(paths, upload.file, upload.sha256)
        return {
          ...baked,
          sha256: stored.sha256,
          bytes: stored.bytes,
          originalSha256: isChanged ? upload.sha256 : null,
        }
      } finally {
        await rm(file, { force: true })
      }
    })
  } finally {
    await rm(upload.file, { force: true })
  }
}

/** What is looked at first. The pixels of a large picture are read once for both. */
async function makePreviews(
  paths: DataPaths,
  file: string,
  picture: { sha256: string; width: number; height: number },
): Promise<void> {
  const source = isTiled(picture) ? await makeOverview(paths, file, picture.sha256) : file
  await makeThumbnail(paths, source, picture.sha256)
}
