import { followLines } from '../jobs/follow-lines.ts'
import type { Studio } from '../studio.ts'
import { readTail } from './last-events.ts'
import { runFiles } from './run-files.ts'
import { withoutServerPaths } from './without-server-paths.ts'

/** What one look at the log shows before one asks for more. */
export const LOG_BYTES = 64 * 1024

/** A piece of the log and where it begins; the piece before it ends there. */
export interface LogPiece {
  start: number
  lines: string[]
}

/** The log before byte `end`, in whole lines; `end` null = what is newest. */
export async function readLog(studio: Studio, runId: string, end: number | null): Promise<LogPiece> {
  const tail = await readTail(runFiles(studio.paths, runId).log, LOG_BYTES, end ?? undefined)
  if (!tail) return { start: 0, lines: [] }
  const firstLineEnd = tail.start === 0 ? -1 : tail.text.indexOf('\n')
  const text = tail.text.slice(firstLineEnd + 1)
  const cut = Buffer.byteLength(tail.text.slice(0, firstLineEnd + 1))
  return { start: tail.start + cut, lines: shown(studio, text.replace(/\n$/, '').split('\n')) }
}

/** The log from byte `from` on as it grows; `from` null = from the last 64 KB on. */
export async function* liveLog(
  studio: Studio,
  runId: string,
  from: number | null,
  signal: AbortSignal,
): AsyncGenerator<{ position: number; lines: string[]; start: number }> {
  const { log } = runFiles(studio.paths, runId)
  let start = from ?? (await readLog(studio, runId, null)).start
  for await (const lines of followLines(log, start, signal)) {
    const position = lines.at(-1)?.end ?? start
    yield {
      position,
      start,
      lines: shown(
        studio,
        lines.map(({ text }) => text),
      ),
    }
    start = position
  }
}

function shown(studio: Studio, lines: string[]): string[] {
  return lines.map((line) => withoutServerPaths(studio, lastState(line)))
}

/** Progress bars write one line over and over; only what was to be seen last is of interest. */
function lastState(line: string): string {
  return line.replace(/\r$/, '').split('\r').at(-1) ?? ''
}
