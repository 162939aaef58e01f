import type { AnnotationDocument, Expression } from '../contracts/annotation.ts'
import { boxChange, type DocumentPlan, expressionChange, NO_PLAN } from './document-plan.ts'

/** Expressions with all boxes that answer nothing else; shared boxes keep their other answers. */
export function planDelete(
  document: AnnotationDocument,
  isGoing: (expression: Expression) => boolean,
): DocumentPlan {
  const going = document.expressions.filter(isGoing)
  if (going.length === 0) return NO_PLAN
  const ids = new Set(going.map(({ id }) => id))
  const boxes = document.boxes.flatMap((box) => {
    const left = box.expressionIds.filter((id) => !ids.has(id))
    if (left.length === box.expressionIds.length) return []
    return boxChange(box, left.length > 0 ? { ...box, expressionIds: left } : null)
  })
  return {
    changes: [...boxes, ...going.map((expression) => expressionChange(expression, null))],
    merged: [],
    collapsed: 0,
  }
}
