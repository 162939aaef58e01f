import type { Box, Expression } from '../../../server/contracts/annotation.ts'
import { settleRecord } from '../../../server/grounding/settle-record.ts'
import {
  applyChanges,
  type Change,
  changeBox,
  changeExpression,
  recordOf,
  sameRecord,
} from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import { home, type Known } from './known.ts'
import { settle } from './settle.ts'

/** A record that two people changed. `change` makes it mine on top of what the server has. */
export interface Conflict {
  readonly id: string
  readonly mine: Box | Expression | null
  readonly theirs: Box | Expression | null
  readonly change: Change
}

export interface Rebased {
  /** Hold on top of theirs as they are. */
  readonly changes: readonly Change[]
  /** Somebody has to choose. */
  readonly conflicts: readonly Conflict[]
}

export type Choice = 'mine' | 'theirs'

/**
 * Puts unsaved changes on top of what the server has now. What only one side touched needs nobody;
 * expressions of one text become one; the rest is a conflict.
 * @param pending one change a record, relative to the last state that both sides knew
 */
export function rebase(pending: readonly Change[], theirs: Doc, known: Known): Rebased {
  const changes: Change[] = []
  const conflicts: Conflict[] = []
  for (const change of pending) {
    const now = recordOf(theirs, change)
    const [before, after] = [atHome(change.before, theirs, known), atHome(change.after, theirs, known)]
    if (sameRecord(now, change.after) || sameRecord(now, after)) continue
    const fits = sameRecord(now, change.before) || sameRecord(now, before)
    const settled = fits ? null : settleRecord(change, now, known.bulk, sameRecord)
    if (fits) changes.push({ ...change, before: now } as Change)
    else if (settled) changes.push(settled)
    else conflicts.push(conflictOf({ ...change, before: now } as Change))
  }
  const asked = new Set(conflicts.map((conflict) => conflict.id))
  for (const conflict of brokenRelations(changes, theirs, known, asked)) {
    if (asked.has(conflict.id)) continue
    asked.add(conflict.id)
    conflicts.push(conflict)
  }
  return { changes: changes.filter((change) => !asked.has(change.id)), conflicts }
}

/** The changes to send once every conflict has been decided; what is not decided is theirs. */
export function resolve(
  rebased: Rebased,
  theirs: Doc,
  known: Known,
  choices: ReadonlyMap<string, Choice>,
): Change[] {
  const chosen = rebased.conflicts.filter((conflict) => choices.get(conflict.id) === 'mine')
  const together = applyChanges(theirs, [...rebased.changes, ...chosen.map((conflict) => conflict.change)])
  // Who chose a box chose what it shows, too: it must not go with an expression that the other side deleted.
  const wanted = rebased.conflicts.flatMap(({ id, mine, theirs: other }) => {
    const record = choices.get(id) === 'mine' ? mine : other
    return record && 'expressionIds' in record ? record.expressionIds : []
  })
  const restored = [...new Set(wanted)].flatMap((id) => {
    if (together.expressions.has(id) || home(id, together, known)) return []
    const expression = theirs.expressions.get(id) ?? known.expressions.get(id)
    return expression ? [changeExpression(null, expression)] : []
  })
  return difference(theirs, settle(applyChanges(together, restored), theirs, known))
}

/** The changes that lead from one document to the other. */
export function difference(from: Doc, to: Doc): Change[] {
  const changes: Change[] = []
  if (from.expressions !== to.expressions) {
    for (const id of new Set([...from.expressions.keys(), ...to.expressions.keys()])) {
      const [before, after] = [from.expressions.get(id) ?? null, to.expressions.get(id) ?? null]
      if (!sameRecord(before, after)) changes.push(changeExpression(before, after))
    }
  }
  if (from.boxes !== to.boxes) {
    for (const id of new Set([...from.boxes.keys(), ...to.boxes.keys()])) {
      const [before, after] = [from.boxes.get(id) ?? null, to.boxes.get(id) ?? null]
      if (!sameRecord(before, after)) changes.push(changeBox(before, after))
    }
  }
  return changes
}

/** The record as it would be had it been written after theirs. */
function atHome(record: Box | Expression | null, theirs: Doc, known: Known): Box | Expression | null {
  if (!record || !('expressionIds' in record)) return record
  if (record.expressionIds.every((id) => theirs.expressions.has(id))) return record
  const ids = record.expressionIds.map((id) =>
    theirs.expressions.has(id) ? id : (home(id, theirs, known) ?? id),
  )
  return { ...record, expressionIds: [...new Set(ids)] }
}

/**
 * Expressions that one side deleted while the other gave them boxes. A box that is asked about anyhow brings
 * what it shows along, so that nobody has to answer twice.
 */
function brokenRelations(
  changes: readonly Change[],
  theirs: Doc,
  known: Known,
  asked: ReadonlySet<string>,
): Conflict[] {
  const together = applyChanges(theirs, changes)
  const conflicts: Conflict[] = []
  const boxes = [...together.boxes.values()].filter((box) => !asked.has(box.id))
  for (const id of new Set(boxes.flatMap((box) => box.expressionIds))) {
    if (together.expressions.has(id) || home(id, together, known)) continue
    const [my, their] = [known.expressions.get(id), theirs.expressions.get(id)]
    if (their) conflicts.push(conflictOf(changeExpression(their, null)))
    else if (my) conflicts.push(conflictOf(changeExpression(null, my)))
  }
  return conflicts
}

function conflictOf(change: Change): Conflict {
  return { id: change.id, mine: change.after, theirs: change.before, change }
}
