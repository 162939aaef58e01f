import { claimsOne } from './claims-one.ts'
import type { ListedEntry } from './entries.ts'

/** What makes an expression of this image bad training data, though nothing forbids it. */
export type ExpressionWarning =
  /** Reads like another one: the model would be told two names for one thing. */
  | { code: 'similar'; text: string }
  /** Speaks of one thing and has several boxes. */
  | { code: 'ambiguous'; boxes: number }

/**
 * Expressions in use on this image that deserve a second look, by their text.
 * @param similar from `similarTexts`, which need not be asked again with every box
 */
export function expressionWarnings(
  entries: readonly ListedEntry[],
  similar: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly ExpressionWarning[]> {
  const found = new Map<string, ExpressionWarning[]>()
  for (const { text, state, boxes } of entries) {
    if (state !== 'boxes' && state !== 'negative') continue
    const warnings: ExpressionWarning[] = []
    const other = similar.get(text)
    if (other !== undefined) warnings.push({ code: 'similar', text: other })
    if (boxes > 1 && claimsOne(text)) warnings.push({ code: 'ambiguous', boxes })
    if (warnings.length > 0) found.set(text, warnings)
  }
  return found
}
