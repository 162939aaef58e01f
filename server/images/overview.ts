import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { Sha256 } from '../contracts/ids.ts'
import { OVERVIEW_SIZE } from '../contracts/tiles.ts'
import { blobPath, requireBlob, temporaryFile } from '../storage/blobs.ts'
import type { DataPaths } from '../storage/paths.ts'
import { DECODE_OPTIONS } from './bake.ts'
import { withDecodeSlot } from './decode-slots.ts'

/** tiles/<first 2 hex digits>/<sha256 of the stored picture>: what is derived from a large picture to look at it. */
export function tilesFolder(paths: DataPaths, sha256: string): string {
  const hash = Sha256.parse(sha256)
  return path.join(paths.tiles, hash.slice(0, 2), hash)
}

export function overviewPath(paths: DataPaths, sha256: string): string {
  return path.join(tilesFolder(paths, sha256), 'overview.jpg')
}

/** Draws the overview of a large picture, which reads all of its pixels as the thumbnail of a small one does. */
export async function makeOverview(paths: DataPaths, file: string, sha256: string): Promise<string> {
  const temporary = await temporaryFile(paths, '.jpg')
  try {
    await sharp(file, DECODE_OPTIONS)
      .resize(OVERVIEW_SIZE, OVERVIEW_SIZE, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
      .toFile(temporary)
    const target = overviewPath(paths, sha256)
    await mkdir(path.dirname(target), { recursive: true })
    await rename(temporary, target)
    return target
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** The overview's file; made now for a picture that came before there were overviews. */
export async function ensureOverview(paths: DataPaths, sha256: string): Promise<string> {
  const file = overviewPath(paths, sha256)
  if (await stat(file).catch(() => null)) return file
  await requireBlob(paths, sha256)
  return withDecodeSlot(() => makeOverview(paths, blobPath(paths, sha256), sha256))
}
