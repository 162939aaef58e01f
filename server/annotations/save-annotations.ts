import type { SaveAnnotations } from '../contracts/annotation.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { type Applied, applyChanges } from './apply-changes.ts'
import { followers } from './followers.ts'

/** Saves one batch of the editor; see `applyChanges` for what it refuses. */
export async function saveAnnotations(
  db: Database,
  authorId: string,
  input: SaveAnnotations,
): Promise<Applied> {
  const applied = await write(db, (tx) => applyChanges(tx, { ...input, authorId, origin: 'editor' }))
  followers.ring(input.imageId)
  return applied
}
