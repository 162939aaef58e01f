import { z } from 'zod'
import type { AnnotationDocument } from '../contracts/annotation.ts'
import type { Database, Transaction } from '../db/client.ts'
import { byPosition } from '../grounding/document.ts'
import { EXPRESSION_FIELDS, toBox, toExpression } from './records.ts'

/** id, x, y, width, height, position, attributes, origin, expression ids. */
const Rows = z.array(
  z.tuple([
    z.string(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
    z.unknown(),
    z.unknown(),
    z.array(z.string()),
  ]),
)

/**
 * The records of one image; one without any has empty lists. The boxes come as one value out of SQLite: row by row
 * through the client, 5,000 of them kept the processor for 150 ms, this way for 20.
 */
export async function readDocument(db: Database | Transaction, imageId: string): Promise<AnnotationDocument> {
  const expressions = await db.expression.findMany({ where: { imageId }, select: EXPRESSION_FIELDS })
  // SQLite writes floats into JSON with 15 digits, which are not the ones that were stored; 17 always are.
  const [found] = await db.$queryRaw<{ boxes: string }[]>`
    SELECT json_group_array(json_array(
      id, printf('%!.17g', x), printf('%!.17g', y), printf('%!.17g', width), printf('%!.17g', height),
      printf('%!.17g', position), json(attributes), json(origin),
      (SELECT json_group_array(expressionId) FROM ExpressionBox WHERE boxId = Box.id)
    )) AS boxes FROM Box WHERE imageId = ${imageId}`
  const boxes = Rows.parse(JSON.parse(found?.boxes ?? '[]')).map(
    ([id, x, y, width, height, position, attributes, origin, answers]) =>
      toBox({
        id,
        x: Number(x),
        y: Number(y),
        width: Number(width),
        height: Number(height),
        position: Number(position),
        attributes,
        origin,
        answers: answers.map((expressionId) => ({ expressionId })),
      }),
  )
  return { expressions: expressions.map(toExpression).sort(byPosition), boxes: boxes.sort(byPosition) }
}
