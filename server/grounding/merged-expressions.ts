import type { AnnotationChange } from '../contracts/annotation.ts'
import type { ExpressionId } from '../contracts/ids.ts'

/**
 * Each deleted expression whose boxes all answer one other expression afterwards, at least one of them newly:
 * boxes that only lose it say that it was deleted. The old id leads to the new one.
 */
export function mergesIn(changes: readonly AnnotationChange[]): Map<ExpressionId, ExpressionId> {
  const merges = new Map<ExpressionId, ExpressionId>()
  for (const change of changes) {
    if (change.type !== 'expression' || change.after) continue
    const boxes = changes.flatMap((other) =>
      other.type === 'box' && other.before?.expressionIds.includes(change.id) ? other : [],
    )
    const gained = new Set(
      boxes.flatMap(({ before, after }) =>
        (after?.expressionIds ?? []).filter((id) => !before?.expressionIds.includes(id)),
      ),
    )
    const [into] = gained
    if (gained.size !== 1 || into === undefined) continue
    if (boxes.every(({ after }) => after?.expressionIds.includes(into))) merges.set(change.id, into)
  }
  return merges
}
