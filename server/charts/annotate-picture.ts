import { applyChanges } from '../annotations/apply-changes.ts'
import type { AnnotationChange, BoxOrigin } from '../contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../contracts/ids.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import type { GroundedExpression } from '../grounding/document.ts'

/** Writes what a drawn picture shows as its first revision and marks the image done. */
export async function annotatePicture(
  tx: Transaction,
  imageId: string,
  expressions: readonly GroundedExpression[],
  by: { authorId: string | null; origin: BoxOrigin; batch: 'sample' | 'import' },
): Promise<void> {
  const changes: AnnotationChange[] = []
  let position = 0
  expressions.forEach(({ kind, text, boxes, attributes }, order) => {
    const expressionId = newId('e') as ExpressionId
    const expression = { id: expressionId, kind, text, position: order }
    changes.push({ type: 'expression', id: expressionId, before: null, after: expression })
    for (const [place, [x1, y1, x2, y2]] of boxes.entries()) {
      const id = newId('b') as BoxId
      const frame = { x: x1, y: y1, width: x2 - x1, height: y2 - y1, position }
      const answers = {
        expressionIds: [expressionId],
        attributes: attributes?.[place] ?? {},
        origin: by.origin,
      }
      changes.push({ type: 'box', id, before: null, after: { id, ...frame, ...answers } })
      position += 1
    }
  })
  const operationId = newId('draw')
  await applyChanges(tx, { imageId, operationId, changes, authorId: by.authorId, origin: by.batch })
  await tx.image.update({ where: { id: imageId }, data: { status: 'done' } })
}
