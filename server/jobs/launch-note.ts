import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { writeWhole } from '../formats/output-file.ts'
import type { RunFiles } from '../runs/run-files.ts'

/**
 * launch.json: written just before a trainer process is started. Events of earlier launches stay in
 * the same file, so whoever judges how this launch ended must know where its own events begin.
 */
const LaunchNote = z.object({
  /** `startedAt` of the row at this launch: tells whether the note speaks of this launch or of an earlier one. */
  claim: z.iso.datetime(),
  /** Bytes of events.jsonl before this launch. */
  events_offset: z.number().int().min(0),
  resume: z.boolean(),
  command: z.array(z.string()),
})
export type LaunchNote = z.infer<typeof LaunchNote>

export async function writeLaunchNote(
  files: RunFiles,
  launch: Omit<LaunchNote, 'events_offset'>,
): Promise<void> {
  const note: LaunchNote = { ...launch, events_offset: await endOfEvents(files.events) }
  await writeWhole(files.launch, `${JSON.stringify(note, null, 2)}\n`)
}

/** Null when no process was started since the run was last taken from the queue. */
export async function readLaunchNote(files: RunFiles, startedAt: Date | null): Promise<LaunchNote | null> {
  const text = await readFile(files.launch, 'utf8').catch(() => null)
  const note = text === null ? null : LaunchNote.parse(JSON.parse(text))
  return note?.claim === startedAt?.toISOString() ? note : null
}

async function endOfEvents(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}
