import type { Box, Expression } from '../../../server/contracts/annotation.ts'
import type { ExpressionId } from '../../../server/contracts/ids.ts'
import {
  applyChanges,
  type Change,
  changeBox,
  changeExpression,
  recordOf,
  sameRecord,
  squashChanges,
} from '../document/change.ts'
import { boxCounts, type Doc, expressionByText } from '../document/doc.ts'

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
 * an expression that both sides made becomes one; the rest is a conflict.
 * @param pending one change a record, relative to the last state that both sides knew
 * @param mine the document as this tab shows it
 */
export function rebase(pending: readonly Change[], mine: Doc, theirs: Doc): Rebased {
  const { changes: merged, aliases } = mergeEqualTexts(pending, theirs)
  const changes: Change[] = []
  const conflicts: Conflict[] = []
  for (const change of merged) {
    const now = recordOf(theirs, change)
    if (sameRecord(now, change.after)) continue
    if (sameRecord(now, change.before)) changes.push(change)
    else conflicts.push(conflictOf({ ...change, before: now } as Change))
  }
  const known = new Set(conflicts.map((conflict) => conflict.id))
  const broken = brokenRelations(changes, mine, theirs, aliases)
  conflicts.push(...broken.filter((conflict) => !known.has(conflict.id)))
  const asked = new Set(conflicts.map((conflict) => conflict.id))
  return { changes: changes.filter((change) => !asked.has(change.id)), conflicts }
}

/** The changes to send once every conflict has been decided; what is not decided is theirs. */
export function resolve(rebased: Rebased, theirs: Doc, choices: ReadonlyMap<string, Choice>): Change[] {
  const chosen = rebased.conflicts.filter((conflict) => choices.get(conflict.id) === 'mine')
  return settle(theirs, [...rebased.changes, ...chosen.map((conflict) => conflict.change)])
}

/** The changes that lead from one document to the other. */
export function difference(from: Doc, to: Doc): Change[] {
  const changes: Change[] = []
  for (const id of new Set([...from.expressions.keys(), ...to.expressions.keys()])) {
    const [before, after] = [from.expressions.get(id) ?? null, to.expressions.get(id) ?? null]
    if (!sameRecord(before, after)) changes.push(changeExpression(before, after))
  }
  for (const id of new Set([...from.boxes.keys(), ...to.boxes.keys()])) {
    const [before, after] = [from.boxes.get(id) ?? null, to.boxes.get(id) ?? null]
    if (!sameRecord(before, after)) changes.push(changeBox(before, after))
  }
  return changes
}

/**
 * An expression that I made, or renamed, to a text that theirs has under another id is theirs: its
 * boxes move over. Both people meant the same.
 */
function mergeEqualTexts(pending: readonly Change[], theirs: Doc) {
  const aliases = new Map<ExpressionId, ExpressionId>()
  for (const change of pending) {
    if (change.type !== 'expression' || !change.after) continue
    const other = expressionByText(theirs, change.after.text)
    if (other && other.id !== change.id && !isDeletedIn(pending, other.id)) aliases.set(change.id, other.id)
  }
  if (aliases.size === 0) return { changes: pending, aliases }
  const point = (box: Box): Box => ({
    ...box,
    expressionIds: [...new Set(box.expressionIds.map((id) => aliases.get(id) ?? id))],
  })
  const touched = new Set<string>(pending.map((change) => change.id))
  const changes = pending.flatMap((change): Change[] => {
    if (change.type === 'box') return [{ ...change, after: change.after && point(change.after) }]
    if (!aliases.has(change.id)) return [change]
    const renamed = theirs.expressions.get(change.id)
    return renamed ? [changeExpression(renamed, null)] : []
  })
  for (const box of theirs.boxes.values()) {
    if (!touched.has(box.id) && box.expressionIds.some((id) => aliases.has(id))) {
      changes.push(changeBox(box, point(box)))
    }
  }
  return { changes, aliases }
}

function isDeletedIn(pending: readonly Change[], id: ExpressionId): boolean {
  return pending.some((change) => change.id === id && change.after === null)
}

/** Expressions that one side deleted while the other gave them boxes. */
function brokenRelations(
  changes: readonly Change[],
  mine: Doc,
  theirs: Doc,
  aliases: ReadonlyMap<ExpressionId, ExpressionId>,
): Conflict[] {
  const together = applyChanges(theirs, changes)
  const conflicts: Conflict[] = []
  for (const id of boxCounts(together).keys()) {
    if (together.expressions.has(id)) continue
    const [my, their] = [mine.expressions.get(id) ?? null, theirs.expressions.get(id) ?? null]
    if (their && !aliases.has(id)) conflicts.push(conflictOf(changeExpression(their, null)))
    else if (my) conflicts.push(conflictOf(changeExpression(null, my)))
  }
  return conflicts
}

/** Takes out of boxes the expressions that are gone, and boxes that answer nothing any more with them. */
function settle(theirs: Doc, wanted: readonly Change[]): Change[] {
  const together = applyChanges(theirs, wanted)
  const repairs: Change[] = []
  for (const box of together.boxes.values()) {
    const left = box.expressionIds.filter((id) => together.expressions.has(id))
    if (left.length === box.expressionIds.length) continue
    repairs.push(changeBox(box, left.length > 0 ? { ...box, expressionIds: left } : null))
  }
  return squashChanges([...wanted, ...repairs])
}

function conflictOf(change: Change): Conflict {
  return { id: change.id, mine: change.after, theirs: change.before, change }
}
