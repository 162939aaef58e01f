import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { StudioError } from '../errors.ts'

export interface Line {
  text: string
  /** Counted from 1. */
  number: number
}

/** Bytes read at once; also the size of a batch of lines. Batches of a megabyte outlive V8's young generation. */
const CHUNK = 1 << 17
const NEWLINE = 0x0a
const BYTE_ORDER_MARK = '\ufeff'

/**
 * The lines of a UTF-8 file in batches, blank ones left out; nothing but a batch is in memory.
 * @throws StudioError BAD_FILE when the file cannot be read or is not UTF-8
 */
export async function* readLines(file: string): AsyncGenerator<Line[]> {
  let rest: Buffer = Buffer.alloc(0)
  let number = 0
  const take = (bytes: Buffer): Line[] => {
    if (!isUtf8(bytes)) {
      throw new StudioError('BAD_FILE', {
        message: `${file}: not UTF-8 from line ${number + 1} on. Save the file as UTF-8 and try again.`,
      })
    }
    const lines: Line[] = []
    for (const line of bytes.toString('utf8').split('\n')) {
      number += 1
      const text = number === 1 && line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line
      if (text.trim() !== '') lines.push({ text, number })
    }
    return lines
  }
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) {
      const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const end = bytes.lastIndexOf(NEWLINE)
      if (end < 0) {
        rest = bytes
        continue
      }
      rest = bytes.subarray(end + 1)
      yield take(bytes.subarray(0, end))
    }
  } catch (error) {
    throw unreadable(file, error)
  }
  if (rest.length > 0) yield take(rest)
}

/** Words for a file that cannot be opened. */
export function unreadable(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new StudioError('BAD_FILE', { message: `${file}: there is no such file.` })
  if (code === 'EISDIR')
    return new StudioError('BAD_FILE', { message: `${file} is a folder; name a file in it.` })
  if (code === 'EACCES') return new StudioError('BAD_FILE', { message: `${file}: it may not be read.` })
  return error
}
