import type { RunEvent } from '../contracts/run-events.ts'
import { parseEventLine } from '../jobs/event-digest.ts'
import { FileChanges } from '../jobs/file-changes.ts'
import { type Line, readLines } from '../jobs/follow-lines.ts'
import type { Studio } from '../studio.ts'
import { findRun, type RunDetail } from './run-card.ts'
import { runFiles } from './run-files.ts'
import { withoutServerPaths } from './without-server-paths.ts'

export type LiveMessage =
  | { kind: 'run'; run: RunDetail }
  /** `skipped` lines were no events. */
  | { kind: 'events'; events: RunEvent[]; skipped: number }

/** How often the row is looked at: the worker that changes it is another process. */
const LOOK_EVERY_MS = 1_000
/** A long run's backlog goes out in pieces that the page can draw one after the other. */
const EVENTS_A_MESSAGE = 1_000

/**
 * What the page of a run follows: its row whenever it changes, and its events from byte `from` on.
 * Everything is read from the disk, so it does not matter which process was restarted in between.
 * `position` is where to go on after a broken connection.
 */
export async function* liveRun(
  studio: Studio,
  runId: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<{ position: number; message: LiveMessage }> {
  const { events: file } = runFiles(studio.paths, runId)
  const changes = new FileChanges(file, signal)
  let position = from
  let shown = ''
  let lookedAt = 0
  try {
    while (!signal.aborted) {
      if (Date.now() - lookedAt >= LOOK_EVERY_MS) {
        lookedAt = Date.now()
        const run = await findRun(studio, runId)
        const state = JSON.stringify(run)
        if (state !== shown) yield { position, message: { kind: 'run', run } }
        shown = state
      }
      const { lines, end } = await readLines(file, position)
      for (let at = 0; at < lines.length; at += EVENTS_A_MESSAGE) {
        const part = lines.slice(at, at + EVENTS_A_MESSAGE)
        position = part.at(-1)?.end ?? end
        yield { position, message: eventsMessage(studio, part) }
      }
      position = end
      if (lines.length === 0) await changes.next(LOOK_EVERY_MS)
    }
  } finally {
    changes.close()
  }
}

function eventsMessage(studio: Studio, lines: Line[]): LiveMessage {
  const parsed = lines
    .filter(({ text }) => text !== '')
    .map(({ text }) => parseEventLine(withoutServerPaths(studio, text)))
  const events = parsed.flatMap((line) => ('event' in line ? [line.event] : []))
  return { kind: 'events', events, skipped: parsed.length - events.length }
}
