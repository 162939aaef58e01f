import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { Sha256 } from '../contracts/ids.ts'
import { THUMBNAIL_SIZE } from '../contracts/image.ts'
import { blobPath, requireBlob, temporaryFile } from '../storage/blobs.ts'
import type { DataPaths } from '../storage/paths.ts'
import { DECODE_OPTIONS } from './bake.ts'
import { withDecodeSlot } from './decode-slots.ts'

/** thumbnails/<first 2 hex digits>/<sha256 of the stored picture>.webp */
export function thumbnailPath(paths: DataPaths, sha256: string): string {
  const hash = Sha256.parse(sha256)
  return path.join(paths.thumbnails, hash.slice(0, 2), `${hash}.webp`)
}

/**
 * Draws the thumbnail of a picture, which reads all of its pixels: for a file that is stored as it came
 * this is also the proof that it is complete.
 */
export async function makeThumbnail(paths: DataPaths, file: string, sha256: string): Promise<void> {
  const temporary = await temporaryFile(paths, '.webp')
  try {
    await sharp(file, DECODE_OPTIONS)
      .resize(THUMBNAIL_SIZE, THUMBNAIL_SIZE, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 80, effort: 2 })
      .toFile(temporary)
    const target = thumbnailPath(paths, sha256)
    await mkdir(path.dirname(target), { recursive: true })
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** The thumbnail's file; made again when somebody has deleted it, which is allowed. */
export async function ensureThumbnail(paths: DataPaths, sha256: string): Promise<string> {
  const file = thumbnailPath(paths, sha256)
  const there = await stat(file).catch(() => null)
  if (!there) {
    await requireBlob(paths, sha256)
    await withDecodeSlot(() => makeThumbnail(paths, blobPath(paths, sha256), sha256))
  }
  return file
}
