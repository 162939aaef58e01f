import type { Box, Expression } from '../../../server/contracts/annotation.ts'
import type { ExpressionId } from '../../../server/contracts/ids.ts'
import { byPosition } from '../../../server/grounding/document.ts'
import type { Doc } from '../document/doc.ts'
import { home, type Known } from './known.ts'

/**
 * Makes the work of two people one valid document: expressions of one text become one, boxes go to where their
 * expression went, and what answers nothing any more goes.
 */
export function settle(together: Doc, theirs: Doc, known: Known): Doc {
  const expressions = new Map(together.expressions)
  const aliases = new Map<ExpressionId, ExpressionId>()
  for (const [survivor, ...others] of sameTexts(together, theirs)) {
    for (const { id } of others) {
      if (survivor) aliases.set(id, survivor.id)
      expressions.delete(id)
    }
  }
  const unique: Doc = { ...together, expressions: aliases.size === 0 ? together.expressions : expressions }
  const boxes = new Map(together.boxes)
  for (const box of together.boxes.values()) {
    if (box.expressionIds.every((id) => unique.expressions.has(id))) continue
    const settled = settleBox(box, (id) => {
      if (unique.expressions.has(id)) return id
      // What it was merged into may itself have become one with another of its text.
      const into = aliases.has(id) ? id : home(id, together, known)
      return into && (aliases.get(into) ?? into)
    })
    if (settled) boxes.set(box.id, settled)
    else boxes.delete(box.id)
  }
  return { ...unique, boxes }
}

function settleBox(box: Box, find: (id: ExpressionId) => ExpressionId | undefined): Box | null {
  const ids = [...new Set(box.expressionIds.flatMap((id) => find(id) ?? []))]
  return ids.length > 0 ? { ...box, expressionIds: ids } : null
}

/** Groups of more than one, the one that stays first: rather one that everybody has. */
function sameTexts(together: Doc, theirs: Doc): Expression[][] {
  const groups = new Map<string, Expression[]>()
  for (const expression of together.expressions.values()) {
    groups.set(expression.text, [...(groups.get(expression.text) ?? []), expression])
  }
  const hadIt = ({ id, text }: Expression) => Number(theirs.expressions.get(id)?.text === text)
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => hadIt(b) - hadIt(a) || byPosition(a, b)))
}
