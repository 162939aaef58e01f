import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { coarsestLevel, hasTile, levelSize, TILE_SIZE, type Tile } from '../contracts/tiles.ts'
import { StudioError } from '../errors.ts'
import { processWide } from '../process-wide.ts'
import { blobPath, requireBlob, temporaryFile } from '../storage/blobs.ts'
import type { DataPaths } from '../storage/paths.ts'
import { storageError } from '../storage/storage-error.ts'
import { DECODE_OPTIONS } from './bake.ts'
import { withDecodeSlot } from './decode-slots.ts'
import { tilesFolder } from './overview.ts'

interface LargePicture {
  sha256: string
  width: number
  height: number
}

/** Being made at this moment, by hash: many tiles are asked for at once, and all are made in one go. */
const inWork = processWide('tiles', () => new Map<string, Promise<void>>())

/**
 * The file of one tile. All tiles of a picture are made when the first of them is asked for: a JPEG can only be
 * read from its beginning, so that one by one each would cost as much as all. What is made is kept.
 * @throws StudioError NOT_FOUND when the picture has no such tile
 */
export async function ensureTile(paths: DataPaths, picture: LargePicture, tile: Tile): Promise<string> {
  if (!hasTile(picture, tile)) {
    throw new StudioError('NOT_FOUND', {
      message: `This picture has no tile ${tile.column}, ${tile.row} at level ${tile.level}.`,
    })
  }
  await ensureTiles(paths, picture)
  return path.join(levelFolder(paths, picture.sha256, tile.level), `${tile.column}_${tile.row}.jpeg`)
}

/** Makes the tiles of a picture unless they are there. Waits for a slot of the decoder, as ingest does. */
export function ensureTiles(paths: DataPaths, picture: LargePicture): Promise<void> {
  const known = inWork.get(picture.sha256)
  if (known) return known
  const work = makeUnlessThere(paths, picture).finally(() => inWork.delete(picture.sha256))
  inWork.set(picture.sha256, work)
  return work
}

async function makeUnlessThere(paths: DataPaths, picture: LargePicture): Promise<void> {
  if (await stat(levelFolder(paths, picture.sha256, 0)).catch(() => null)) return
  await requireBlob(paths, picture.sha256)
  await withDecodeSlot(() => makeTiles(paths, picture))
}

function levelFolder(paths: DataPaths, sha256: string, level: number): string {
  return path.join(tilesFolder(paths, sha256), 'levels', String(level))
}

/** Streams the picture through the decoder once; a few rows of it are in memory at a time. */
async function makeTiles(paths: DataPaths, picture: LargePicture): Promise<void> {
  const { sha256 } = picture
  const base = await temporaryFile(paths)
  const made = `${base}_files`
  const staged = `${base}_levels`
  try {
    await sharp(blobPath(paths, sha256), DECODE_OPTIONS)
      .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
      .tile({ size: TILE_SIZE, overlap: 0, depth: 'onetile', layout: 'dz', container: 'fs' })
      .toFile(`${base}.dz`)
    await mkdir(staged, { recursive: true })
    const finest = deepZoomLevel(picture)
    for (let level = 0; level <= coarsestLevel(picture); level += 1) {
      await rename(path.join(made, String(finest - level)), path.join(staged, String(level)))
    }
    const target = path.dirname(levelFolder(paths, sha256, 0))
    await mkdir(path.dirname(target), { recursive: true })
    await rename(staged, target)
  } catch (error) {
    throw storageError(error) ?? error
  } finally {
    for (const rest of [`${base}.dzi`, made, staged]) await rm(rest, { recursive: true, force: true })
  }
}

/** The writer counts from the level that fits into one tile; ours count from the pixels of the picture. */
function deepZoomLevel(picture: LargePicture): number {
  for (let level = 0; ; level += 1) {
    const { width, height } = levelSize(picture, level)
    if (Math.max(width, height) <= TILE_SIZE) return level
  }
}
