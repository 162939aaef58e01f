import { randomUUID } from 'node:crypto'
import { applyChanges } from '../../server/annotations/apply-changes.ts'
import type {
  AnnotationChange,
  AnnotationDocument,
  Box,
  Expression,
} from '../../server/contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../../server/contracts/ids.ts'
import { write } from '../../server/db/transaction.ts'
import type { Studio } from '../../server/studio.ts'

let made = 0

/** An expression as the editor would make it; positions count up in the order of the calls. */
export function anExpression(given: Partial<Omit<Expression, 'id'>> & { id?: string } = {}): Expression {
  made += 1
  const { id = `e_${made}_${randomUUID().slice(0, 8)}`, ...rest } = given
  return { id: id as ExpressionId, kind: 'class', text: `class ${made}`, position: made, ...rest }
}

/** A box of 100 × 80 pixels at (10, 20), unless told otherwise. */
export function aBox(
  expressions: readonly Expression[],
  given: Partial<Omit<Box, 'id' | 'expressionIds'>> & { id?: string } = {},
): Box {
  made += 1
  const { id = `b_${made}_${randomUUID().slice(0, 8)}`, ...rest } = given
  return {
    id: id as BoxId,
    x: 10,
    y: 20,
    width: 100,
    height: 80,
    position: made,
    expressionIds: expressions.map((expression) => expression.id),
    attributes: {},
    origin: { by: 'person' },
    ...rest,
  }
}

/** The changes that make these records out of nothing. */
export function creationOf(document: AnnotationDocument): AnnotationChange[] {
  return [
    ...document.expressions.map(
      (after): AnnotationChange => ({ type: 'expression', id: after.id, before: null, after }),
    ),
    ...document.boxes.map((after): AnnotationChange => ({ type: 'box', id: after.id, before: null, after })),
  ]
}

/** Annotates an image through the same rule as everything else. */
export async function seedAnnotations(
  studio: Studio,
  imageId: string,
  document: AnnotationDocument,
): Promise<void> {
  const changes = creationOf(document)
  await write(studio.db, (tx) =>
    applyChanges(tx, { imageId, operationId: randomUUID(), changes, authorId: null, origin: 'sample' }),
  )
}
