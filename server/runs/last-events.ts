import { open } from 'node:fs/promises'
import type { RunEvent } from '../contracts/run-events.ts'
import { parseEventLine } from '../jobs/event-digest.ts'

/** The events in the last `bytes` of the file, oldest first; none when there is no file yet. */
export async function lastEvents(file: string, bytes: number): Promise<RunEvent[]> {
  const text = (await readTail(file, bytes))?.text ?? ''
  // Begun in the middle of a line, or ended in one: such pieces are no events and drop out.
  return text.split('\n').flatMap((line) => {
    const parsed = parseEventLine(line)
    return 'event' in parsed ? [parsed.event] : []
  })
}

/**
 * Up to `bytes` before byte `end` of a file (default: its end).
 * @returns the text and the position it begins at; null when there is no such file
 */
export async function readTail(
  file: string,
  bytes: number,
  end = Number.POSITIVE_INFINITY,
): Promise<{ text: string; start: number; end: number } | null> {
  const handle = await open(file, 'r').catch(() => null)
  if (!handle) return null
  try {
    const stop = Math.min(end, (await handle.stat()).size)
    const start = Math.max(0, stop - bytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(stop - start), 0, stop - start, start)
    return { text: buffer.toString('utf8', 0, bytesRead), start, end: start + bytesRead }
  } finally {
    await handle.close()
  }
}
