import type { Expression } from '../../../server/contracts/annotation.ts'
import type { ExpressionId } from '../../../server/contracts/ids.ts'
import type { Change } from '../document/change.ts'
import { boxCounts, type Doc, expressionByText } from '../document/doc.ts'

/** What this page knows besides the two documents. */
export interface Known {
  /** Expressions as this page last saw them, also those that are gone. */
  readonly expressions: ReadonlyMap<ExpressionId, Expression>
  /** Expressions that became part of another one. */
  readonly merged: ReadonlyMap<ExpressionId, ExpressionId>
  /** What changes over the whole project did, and what the server made of sent records because of them. */
  readonly bulk: readonly Change[]
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

/**
 * The document with every expression that its boxes name. Work that was taken up again may name one that is gone
 * meanwhile: until that is settled, it is shown as it was.
 */
export function withNamed(doc: Doc, known: Known): Doc {
  const missing = [...boxCounts(doc).keys()].filter((id) => !doc.expressions.has(id))
  const found = missing.flatMap((id) => known.expressions.get(id) ?? [])
  if (found.length === 0) return doc
  const restored = found.map((expression) => [expression.id, expression] as const)
  return { ...doc, expressions: new Map([...doc.expressions, ...restored]) }
}
