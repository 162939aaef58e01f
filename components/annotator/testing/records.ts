import type { Box, Expression } from '../../../server/contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../../../server/contracts/ids.ts'

let made = 0

/** A class of its own name; later calls come later in the order of annotation. */
export function anExpression(given: Partial<Omit<Expression, 'id'>> = {}): Expression {
  made += 1
  return {
    id: `e_made${made}` as ExpressionId,
    kind: 'class',
    text: `class ${made}`,
    position: made,
    ...given,
  }
}

/** A box of 100 × 80 pixels at (10, 20), unless told otherwise. */
export function aBox(
  expressions: readonly Expression[],
  given: Partial<Omit<Box, 'id' | 'expressionIds'>> = {},
): Box {
  made += 1
  return {
    id: `b_made${made}` as BoxId,
    x: 10,
    y: 20,
    width: 100,
    height: 80,
    position: made,
    expressionIds: expressions.map((expression) => expression.id),
    attributes: {},
    origin: { by: 'person' },
    ...given,
  }
}
