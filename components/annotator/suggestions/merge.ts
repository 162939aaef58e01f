import type { Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import { isSamePlace, type Suggested } from './suggestion.ts'

function isSame(a: Suggested, b: Suggested): boolean {
  return a.model.key === b.model.key && a.entry.text === b.entry.text && isSamePlace(a.rect, b.rect)
}

export interface Found {
  suggestions: readonly Suggested[]
  /** Boxes that a person has rejected from this model before: they do not come back. */
  rejectedBefore: number
}

/**
 * The list after a model was asked in this tab. What the same model said before about the same expressions gives
 * way; what a person has rejected stays away, and what the server proposed in the same place is not listed twice.
 * @param asked texts of the expressions, also of those without an answer
 */
export function withFound(
  suggestions: readonly Suggested[],
  found: readonly Suggested[],
  asked: { model: string; texts: ReadonlySet<string> },
): Found {
  const kept = suggestions.filter(
    (each) =>
      each.source === 'server' ||
      each.rejected ||
      each.model.key !== asked.model ||
      !asked.texts.has(each.entry.text),
  )
  const rejected = kept.filter((each) => each.rejected)
  const fresh = found.filter((each) => !rejected.some((other) => isSame(each, other)))
  const unlisted = fresh.filter((each) => !kept.some((other) => !other.rejected && isSame(each, other)))
  return { suggestions: [...kept, ...unlisted], rejectedBefore: found.length - fresh.length }
}

/**
 * The list with what the server has now. Rejected ones stay, so that they can be brought back, and accepted ones,
 * so that undo can.
 */
export function withServer(
  suggestions: readonly Suggested[],
  listed: readonly Suggested[],
  doc: Doc,
): readonly Suggested[] {
  const byId = new Map(suggestions.map((each) => [each.id, each]))
  const ids = new Set(listed.map(({ id }) => id))
  const kept = suggestions.filter(
    (each) =>
      each.source === 'browser' || (!ids.has(each.id) && (each.rejected || doc.boxes.has(each.boxId))),
  )
  const merged = [...kept, ...listed.map((each) => byId.get(each.id) ?? each)]
  const isUnchanged =
    merged.length === suggestions.length && merged.every((each, place) => each === suggestions[place])
  return isUnchanged ? suggestions : merged
}

/** Who deletes the box of an accepted suggestion does not want it back as a suggestion. Undo brings back both. */
export function rejectedByDeletion(
  suggestions: readonly Suggested[],
  changes: readonly Change[],
): readonly Suggested[] {
  if (suggestions.length === 0) return suggestions
  const deleted = new Set<string>(changes.flatMap(({ id, after }) => (after === null ? id : [])))
  if (!suggestions.some(({ boxId }) => deleted.has(boxId))) return suggestions
  return suggestions.map((each) => (deleted.has(each.boxId) ? { ...each, rejected: true } : each))
}
