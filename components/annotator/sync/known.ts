import type { Expression } from '../../../server/contracts/annotation.ts'
import type { ExpressionId } from '../../../server/contracts/ids.ts'
import { type Doc, expressionByText } from '../document/doc.ts'

/** What this page knows besides the two documents. */
export interface Known {
  /** Expressions as this page last saw them, also those that are gone. */
  readonly expressions: ReadonlyMap<ExpressionId, Expression>
  /** Expressions that an edit of many images put into another one. */
  readonly merged: ReadonlyMap<ExpressionId, ExpressionId>
}

/** Where boxes of an expression belong that `doc` does not have: where it was merged into, or what has its text. */
export function home(id: ExpressionId, doc: Doc, known: Known): ExpressionId | undefined {
  const passed = new Set<ExpressionId>()
  for (let at = known.merged.get(id); at && !passed.has(at); at = known.merged.get(at)) {
    if (doc.expressions.has(at)) return at
    passed.add(at)
  }
  const text = known.expressions.get(id)?.text
  return text === undefined ? undefined : expressionByText(doc, text)?.id
}
