import { applyChanges, type Change, invertChanges } from '../../annotator/document/change.ts'
import type { Doc } from '../../annotator/document/doc.ts'
import { difference } from '../../annotator/sync/rebase.ts'

/**
 * What makes the document again what it was before `since` happened, as one step of the editor. What is there
 * now and what was there then are whole states, so no box is left with an expression that is gone.
 */
export function bringBack(doc: Doc, since: readonly Change[]): Change[] {
  return difference(doc, applyChanges(doc, invertChanges(since)))
}
