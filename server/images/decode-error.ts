import { open } from 'node:fs/promises'
import { storageError } from '../storage/storage-error.ts'
import { IngestRefused } from './ingest-refused.ts'
import type { ImageFormat } from './sniff-format.ts'

const CUT_SHORT = /premature end|unexpected end|bad seek|truncated/i
const TOO_LARGE = /exceeds pixel limit|too large/i
const NO_SPACE = /no space left|ENOSPC|read-only file system|disk quota/i

/**
 * Why a file that began as a picture could not be decoded. The decoders' words differ too much to tell a
 * file that was cut off from one that is broken, so for some formats its end is looked at.
 * @returns what to throw
 */
export async function explainDecodeError(error: unknown, file: string, format: ImageFormat): Promise<Error> {
  if (error instanceof IngestRefused) return error
  const message = error instanceof Error ? error.message : String(error)
  const disk = NO_SPACE.test(message)
    ? storageError(Object.assign(new Error(message), { code: 'ENOSPC' }))
    : null
  if (disk) return disk
  if (TOO_LARGE.test(message)) return new IngestRefused('tooManyPixels')
  if (CUT_SHORT.test(message) || (await endsTooSoon(file, format))) return new IngestRefused('truncated')
  return new IngestRefused('damaged', message.split('\n')[0]?.replaceAll(file, '').trim().slice(0, 200))
}

async function endsTooSoon(file: string, format: ImageFormat): Promise<boolean> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const read = async (start: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, Math.max(0, start))
      return buffer.subarray(0, bytesRead)
    }
    if (format === 'png') return !(await read(size - 12, 12)).includes('IEND')
    const head = await read(0, 8)
    if (head.length < 8) return true
    // RIFF: the length of everything behind the first eight bytes.
    if (format === 'webp') return head.readUInt32LE(4) + 8 > size
    // TIFF: where the first directory is; writers often put it at the end.
    if (format === 'tiff') return (head[0] === 0x49 ? head.readUInt32LE(4) : head.readUInt32BE(4)) + 2 > size
    return false
  } finally {
    await handle.close()
  }
}
