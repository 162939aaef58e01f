import { z } from 'zod'
import { RunEvent } from '../contracts/run-events.ts'
import { type Line, readLines } from './follow-lines.ts'

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>

/** What the events since one launch say, as far as supervision needs it. */
export interface EventDigest {
  /** Byte position behind the last line read. */
  end: number
  count: number
  done: EventOf<'done'> | null
  error: EventOf<'error'> | null
  artefacts: EventOf<'artefact'>[]
  /** Lines that are no event: reported, never a reason to stop. */
  badLines: { end: number; problem: string }[]
}

export function emptyDigest(from: number): EventDigest {
  return { end: from, count: 0, done: null, error: null, artefacts: [], badLines: [] }
}

/** One line of events.jsonl, or what is wrong with it. */
export function parseEventLine(text: string): { event: RunEvent } | { problem: string } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { problem: `not JSON: ${text.slice(0, 80)}` }
  }
  const parsed = RunEvent.safeParse(json)
  return parsed.success ? { event: parsed.data } : { problem: z.prettifyError(parsed.error) }
}

/** Reads on to the end of the file and adds what is new. */
export async function readOn(digest: EventDigest, file: string): Promise<EventDigest> {
  let current = digest
  for (;;) {
    const { lines, end } = await readLines(file, current.end)
    if (lines.length === 0) return current
    current = { ...lines.reduce(addLine, current), end }
  }
}

function addLine(digest: EventDigest, line: Line): EventDigest {
  // A trainer that finds half a line of its killed predecessor ends it first.
  if (line.text === '') return digest
  const parsed = parseEventLine(line.text)
  if ('problem' in parsed) {
    return { ...digest, badLines: [...digest.badLines, { end: line.end, problem: parsed.problem }] }
  }
  const { event } = parsed
  const next = { ...digest, count: digest.count + 1 }
  if (event.type === 'done') return { ...next, done: event }
  if (event.type === 'error') return { ...next, error: event }
  if (event.type === 'artefact') return { ...next, artefacts: [...digest.artefacts, event] }
  return next
}
