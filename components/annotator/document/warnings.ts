import { claimsOne } from './claims-one.ts'
import type { ListedEntry } from './entries.ts'
import { nearDuplicate } from './near-duplicate.ts'

/** What makes an expression of this image bad training data, though nothing forbids it. */
export type ExpressionWarning =
  /** Reads like another one: the model would be told two names for one thing. */
  | { code: 'similar'; text: string }
  /** Speaks of one thing and has several boxes. */
  | { code: 'ambiguous'; boxes: number }

/** Expressions in use on this image that deserve a second look, by their text. */
export function expressionWarnings(
  entries: readonly ListedEntry[],
): ReadonlyMap<string, readonly ExpressionWarning[]> {
  const used = entries.filter((entry) => entry.state === 'boxes' || entry.state === 'negative')
  const found = new Map<string, ExpressionWarning[]>()
  for (const entry of used) {
    const warnings: ExpressionWarning[] = []
    const similar = nearDuplicate(entry.text, entries)
    if (similar) warnings.push({ code: 'similar', text: similar.text })
    if (entry.kind === 'phrase' && entry.boxes > 1 && claimsOne(entry.text)) {
      warnings.push({ code: 'ambiguous', boxes: entry.boxes })
    }
    if (warnings.length > 0) found.set(entry.text, warnings)
  }
  return found
}
