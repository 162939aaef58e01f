import type {
  AnnotationDocument,
  Box,
  BoxAttributes,
  Expression,
  ExpressionKind,
} from '../contracts/annotation.ts'
import type { Corners } from './coordinates.ts'

/** One expression of an image with its boxes in pixels: what a conversation is rendered from. */
export interface GroundedExpression {
  kind: ExpressionKind
  text: string
  /** In order of annotation. Empty = a stated negative. */
  boxes: Corners[]
  /** Of each box, in the same order; left out where none of them has any. Conversations do not carry them. */
  attributes?: BoxAttributes[]
}

export function cornersOf(box: Pick<Box, 'x' | 'y' | 'width' | 'height'>): Corners {
  return [box.x, box.y, box.x + box.width, box.y + box.height]
}

/** The one order of records everywhere: by position, ties by id. */
export function byPosition(
  a: Pick<Expression | Box, 'position' | 'id'>,
  b: Pick<Expression | Box, 'position' | 'id'>,
): number {
  return a.position - b.position || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/**
 * The expressions of a document with their boxes, both in order of annotation. A box that answers
 * several expressions stands under each of them.
 */
export function groundedExpressions(document: AnnotationDocument): GroundedExpression[] {
  return orderedExpressions(document).map(({ expression, boxes }) => ({
    kind: expression.kind,
    text: expression.text,
    boxes: boxes.map(cornersOf),
    ...withAttributes(boxes),
  }))
}

/** What most data does not have is not written either: frozen content of older projects keeps its hash. */
function withAttributes(boxes: readonly Box[]): Pick<GroundedExpression, 'attributes'> {
  const attributes = boxes.map((box) => box.attributes)
  return attributes.some((each) => Object.keys(each).length > 0) ? { attributes } : {}
}

/** Like `groundedExpressions`, with the records themselves. */
export function orderedExpressions(document: AnnotationDocument): { expression: Expression; boxes: Box[] }[] {
  const boxesOf = new Map<string, Box[]>(document.expressions.map((expression) => [expression.id, []]))
  for (const box of document.boxes.toSorted(byPosition)) {
    for (const id of new Set(box.expressionIds)) boxesOf.get(id)?.push(box)
  }
  return document.expressions
    .toSorted(byPosition)
    .map((expression) => ({ expression, boxes: boxesOf.get(expression.id) ?? [] }))
}
