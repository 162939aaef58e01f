import type { Box, Expression } from '../../../server/contracts/annotation.ts'
import { mergeRecords } from '../../../server/grounding/merge-records.ts'
import { type Change, recordOf, sameRecord } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'

/**
 * What waits, on top of what the server made of the batch before: a class may have been renamed or merged over the
 * whole project. Where both changed one field the change stays as it is, and the next save asks.
 */
export function adjustWaiting(waiting: readonly Change[], adjusted: readonly Change[]): readonly Change[] {
  if (adjusted.length === 0) return waiting
  const byId = new Map(adjusted.map((change) => [change.id, change]))
  return waiting.flatMap((change): Change[] => {
    const met = byId.get(change.id)
    if (!met || !sameRecord(met.before, change.before)) return [change]
    const after = onTop(met, change.after)
    if (after === undefined) return [change]
    return sameRecord(met.after, after) ? [] : [{ ...change, before: met.after, after } as Change]
  })
}

/** What leads the document on the screen to what the server made of it, edits since then included. */
export function adjustShown(doc: Doc, adjusted: readonly Change[]): Change[] {
  return adjusted.flatMap((met): Change[] => {
    const shown = recordOf(doc, met)
    const after = onTop(met, shown)
    if (after === undefined || sameRecord(shown, after)) return []
    return [{ ...met, before: shown, after } as Change]
  })
}

/** My record on top of what the server made of its beginning; undefined = both changed the same. */
function onTop(met: Change, mine: Box | Expression | null): Box | Expression | null | undefined {
  if (sameRecord(mine, met.before)) return met.after
  if (mine === null) return null
  if (met.before === null || met.after === null) return undefined
  return mergeRecords<Box | Expression>(met.before, mine, met.after) ?? undefined
}
