import type { RunEvent } from '../contracts/run-events.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'

/** One row for each kind of a run; an artefact made anew after a resume replaces the older one. */
export async function recordArtefact(
  db: Database,
  runId: string,
  event: Extract<RunEvent, { type: 'artefact' }>,
): Promise<void> {
  const facts = {
    path: event.path,
    files: event.files,
    ...(event.parity ? { parity: event.parity } : {}),
    createdAt: new Date(event.time),
  }
  await db.artefact.upsert({
    where: { runId_kind: { runId, kind: event.name } },
    create: { id: newId('a'), runId, kind: event.name, ...facts },
    update: facts,
  })
}
