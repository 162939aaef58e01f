import { copyFile, link, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { chunks } from '../annotations/records.ts'
import { StudioError } from '../errors.ts'
import { blobPath } from '../storage/blobs.ts'
import { storageError } from '../storage/storage-error.ts'
import type { Studio } from '../studio.ts'
import { readVersion } from './read-version.ts'
import { writeAnnotations } from './write-annotations.ts'

/** Files linked or copied at once. */
const AT_ONCE = 64

export interface MaterialiseOptions {
  /** Where the folder will lie, for absolute paths in the meta files; null = relative ones. */
  absolute?: string | null
  /** The pictures belong to a person who may change them; otherwise they share their bytes with the store. */
  copyImages?: boolean
}

/**
 * Writes a version as an InternVL dataset: `images/`, `<name>_<split>.jsonl`, meta.json for training and
 * meta_val.json for validation (the latter only when something is held out). With relative paths the
 * folder may be moved afterwards.
 * @throws StudioError NOT_FOUND (no such version, a lost picture), STORAGE (disk full or read-only)
 */
export async function materialiseVersion(
  studio: Studio,
  versionId: string,
  folder: string,
  { absolute = null, copyImages = false }: MaterialiseOptions = {},
): Promise<void> {
  const version = await readVersion(studio.db, versionId)
  const place = copyImages ? copyFile : linkOrCopy
  try {
    await mkdir(path.join(folder, 'images'), { recursive: true })
    const images = await writeAnnotations(studio.paths, version, folder, { absolute })
    for (const part of chunks(images, AT_ONCE)) {
      await Promise.all(
        part.map(async (image) => {
          const target = path.join(folder, image.path)
          await place(blobPath(studio.paths, image.sha256), target).catch(throwLost(image.path))
        }),
      )
    }
  } catch (error) {
    throw storageError(error) ?? error
  }
}

/** A hard link costs no space; blobs are never written again. Other disks and some systems need a copy. */
async function linkOrCopy(blob: string, target: string): Promise<void> {
  try {
    await link(blob, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code === 'ENOENT') throw error
    await copyFile(blob, target)
  }
}

function throwLost(image: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code !== 'ENOENT') throw error
    throw new StudioError('NOT_FOUND', {
      message: `The data folder has lost the picture of ${image}. Restore it from a backup.`,
      cause: error,
    })
  }
}
