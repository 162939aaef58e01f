import type { AnnotationChange, Box, Expression } from '../contracts/annotation.ts'
import type { ExpressionId } from '../contracts/ids.ts'

/** What an edit does to one image. */
export interface DocumentPlan {
  changes: AnnotationChange[]
  /** Expressions that become part of another one. */
  merged: { id: ExpressionId; into: ExpressionId }[]
  /** Boxes that become one with their equal. */
  collapsed: number
}

export const NO_PLAN: DocumentPlan = { changes: [], merged: [], collapsed: 0 }

export function boxChange(before: Box, after: Box | null): AnnotationChange {
  return { type: 'box', id: before.id, before, after }
}

export function expressionChange(before: Expression, after: Expression | null): AnnotationChange {
  return { type: 'expression', id: before.id, before, after }
}
