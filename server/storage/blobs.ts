import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Sha256 } from '../contracts/ids.ts'
import { StudioError } from '../errors.ts'
import type { DataPaths } from './paths.ts'
import { storageError } from './storage-error.ts'

/** A file in the store, named by the hash of its content. */
export interface Blob {
  sha256: string
  bytes: number
}

/** blobs/<first 2 hex digits>/<sha256>. Refuses anything that is no hash, so no path can be smuggled in. */
export function blobPath(paths: DataPaths, sha256: string): string {
  const hash = Sha256.parse(sha256)
  return path.join(paths.blobs, hash.slice(0, 2), hash)
}

/** A name in the temporary folder that nobody else uses. The folder is emptied when the studio starts. */
export async function temporaryFile(paths: DataPaths, suffix = ''): Promise<string> {
  await mkdir(paths.temporary, { recursive: true })
  return path.join(paths.temporary, `${randomUUID()}${suffix}`)
}

/**
 * Writes a stream to a temporary file and hashes it on the way; nothing is held in memory.
 * @throws StudioError TOO_LARGE beyond `limit` bytes, STORAGE when the disk is full or read-only
 */
export async function spool(
  paths: DataPaths,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number,
): Promise<Blob & { file: string }> {
  const file = await temporaryFile(paths)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    const handle = await open(file, 'wx')
    try {
      for await (const chunk of source) {
        bytes += chunk.byteLength
        if (bytes > limit) throw tooLarge(limit)
        hash.update(chunk)
        await handle.writeFile(chunk)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    await rm(file, { force: true })
    throw storageError(error) ?? error
  }
  return { file, sha256: hash.digest('hex'), bytes }
}

/**
 * Moves a complete temporary file into the store. A blob that is there already stays as it is, and the
 * file is deleted. Renaming within one disk is atomic: a blob is never half there.
 */
export async function adopt(paths: DataPaths, file: string, sha256: string): Promise<void> {
  const target = blobPath(paths, sha256)
  try {
    if (await exists(target)) {
      await rm(file, { force: true })
      return
    }
    await mkdir(path.dirname(target), { recursive: true })
    await rename(file, target)
    await syncFolder(path.dirname(target))
  } catch (error) {
    await rm(file, { force: true })
    throw storageError(error) ?? error
  }
}

/** Stores bytes that are in memory already. */
export async function putBlob(paths: DataPaths, content: Uint8Array): Promise<Blob> {
  const sha256 = createHash('sha256').update(content).digest('hex')
  if (!(await exists(blobPath(paths, sha256)))) {
    const { file } = await spool(paths, [content], content.byteLength)
    await adopt(paths, file, sha256)
  }
  return { sha256, bytes: content.byteLength }
}

/** @throws StudioError NOT_FOUND when the data folder has lost it */
export async function readBlob(paths: DataPaths, sha256: string): Promise<Buffer> {
  return readFile(blobPath(paths, sha256)).catch((error: unknown) => {
    throw missing(sha256, error)
  })
}

/** @throws StudioError NOT_FOUND when the data folder has lost it */
export async function requireBlob(paths: DataPaths, sha256: string): Promise<void> {
  if (!(await exists(blobPath(paths, sha256)))) throw missing(sha256, undefined)
}

/** Hash and size of a file on disk. */
export async function hashFile(file: string): Promise<Blob> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() ?? false
}

/** Without this a power cut may forget the rename. Some systems cannot sync a folder; the data is safe there. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

function tooLarge(limit: number): StudioError {
  return new StudioError('TOO_LARGE', {
    message: `The file is larger than ${Math.floor(limit / 1024 / 1024)} MB, the most that is taken.`,
    details: { limit },
  })
}

function missing(sha256: string, cause: unknown): StudioError {
  return new StudioError('NOT_FOUND', {
    message: `The data folder has no file ${sha256}. Restore it from a backup.`,
    cause,
  })
}
