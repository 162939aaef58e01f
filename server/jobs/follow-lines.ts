import { open } from 'node:fs/promises'
import { FileChanges } from './file-changes.ts'

/** A whole line and the byte position behind it: where to go on after it. */
export interface Line {
  text: string
  end: number
}

/** Network file systems and containers may tell no changes, so we also look by ourselves. */
const FALLBACK_POLL_MS = 2_000
/** Bytes read at once, and the longest line: what is longer is handed over in pieces. */
const READ_BYTES = 4 * 1024 * 1024

/**
 * The whole lines of a file from byte `from` on. A last line without its newline is left for the next
 * call: its writer may be in the middle of it, or have died there.
 * @returns the lines, and where to go on; no lines when the file is not there (yet)
 */
export async function readLines(file: string, from: number): Promise<{ lines: Line[]; end: number }> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!handle) return { lines: [], end: from }
  try {
    const { size } = await handle.stat()
    // A position behind the end belongs to an earlier file of this name.
    const start = from > size ? 0 : from
    const length = Math.min(size - start, READ_BYTES)
    const bytes = Buffer.alloc(length)
    const { bytesRead } = await handle.read(bytes, 0, length, start)
    return splitLines(bytes.subarray(0, bytesRead), start)
  } finally {
    await handle.close()
  }
}

function splitLines(bytes: Buffer, start: number): { lines: Line[]; end: number } {
  const lines: Line[] = []
  let from = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
    lines.push({ text: bytes.toString('utf8', from, at), end: start + at + 1 })
    from = at + 1
  }
  if (from === 0 && bytes.length === READ_BYTES) {
    lines.push({ text: bytes.toString('utf8'), end: start + bytes.length })
    from = bytes.length
  }
  return { lines, end: start + from }
}

/**
 * Follows a growing file: first what is there from byte `from` on, then what is appended, in batches,
 * until `signal` aborts. The file and its folder need not exist yet.
 */
export async function* followLines(
  file: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Line[], void> {
  const changes = new FileChanges(file, signal)
  let position = from
  try {
    while (!signal.aborted) {
      const { lines, end } = await readLines(file, position)
      position = end
      if (lines.length > 0) yield lines
      else await changes.next(FALLBACK_POLL_MS)
    }
  } finally {
    changes.close()
  }
}
