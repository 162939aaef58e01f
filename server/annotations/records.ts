import {
  type AnnotationDocument,
  type Box,
  BoxAttributes,
  Box as BoxContract,
  BoxOrigin,
  type Expression,
  Expression as ExpressionContract,
  ExpressionKind,
} from '../contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../contracts/ids.ts'
import type { Database, Transaction } from '../db/client.ts'

/** Ids in one `in (…)`: SQLite takes at most 32,766 parameters in a statement. */
const ID_CHUNK = 5_000

const BOX_FIELDS = {
  id: true,
  imageId: true,
  x: true,
  y: true,
  width: true,
  height: true,
  position: true,
  attributes: true,
  origin: true,
  answers: { select: { expressionId: true } },
} as const

export const EXPRESSION_FIELDS = { id: true, imageId: true, kind: true, text: true, position: true } as const

/** Records of several images by image id; an image without any has empty lists. */
export async function readDocuments(
  db: Database | Transaction,
  imageIds: readonly string[],
): Promise<Map<string, AnnotationDocument>> {
  const documents = new Map<string, AnnotationDocument>(
    imageIds.map((id) => [id, { expressions: [], boxes: [] }]),
  )
  for (const chunk of chunks(imageIds)) {
    const where = { imageId: { in: chunk } }
    const orderBy = [{ position: 'asc' }, { id: 'asc' }] as const
    const [expressions, boxes] = await Promise.all([
      db.expression.findMany({ where, orderBy: [...orderBy], select: EXPRESSION_FIELDS }),
      db.box.findMany({ where, orderBy: [...orderBy], select: BOX_FIELDS }),
    ])
    for (const row of expressions) documents.get(row.imageId)?.expressions.push(toExpression(row))
    for (const row of boxes) documents.get(row.imageId)?.boxes.push(toBox(row))
  }
  return documents
}

/** The boxes with these ids, wherever they are; the image id tells whether they are ours. */
export async function readBoxes(
  db: Database | Transaction,
  ids: readonly string[],
): Promise<{ imageId: string; box: Box }[]> {
  const found: { imageId: string; box: Box }[] = []
  for (const chunk of chunks(ids)) {
    const rows = await db.box.findMany({ where: { id: { in: chunk } }, select: BOX_FIELDS })
    found.push(...rows.map((row) => ({ imageId: row.imageId, box: toBox(row) })))
  }
  return found
}

/** All expressions of an image, and those with these ids that lie elsewhere. */
export async function readExpressions(
  db: Database | Transaction,
  imageId: string,
  ids: readonly string[],
): Promise<{ imageId: string; expression: Expression }[]> {
  const rows = await db.expression.findMany({
    where: { OR: [{ imageId }, ...chunks(ids).map((chunk) => ({ id: { in: chunk } }))] },
    select: EXPRESSION_FIELDS,
  })
  return rows.map((row) => ({ imageId: row.imageId, expression: toExpression(row) }))
}

/**
 * One text for all spellings of the same record: keys in the order of the contract, attributes by
 * name, expression ids sorted. Two records are equal when these are.
 */
export function canonical(record: Box | Expression | null): string {
  if (record === null) return 'null'
  if ('text' in record) return JSON.stringify(ExpressionContract.parse(record))
  const box = BoxContract.parse(record)
  const attributes = Object.entries(box.attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify({ ...box, expressionIds: [...new Set(box.expressionIds)].sort(), attributes })
}

/** Equal however they are spelled. */
export function sameRecord(a: Box | Expression | null, b: Box | Expression | null): boolean {
  return a === b || canonical(a) === canonical(b)
}

export function toBox(row: {
  id: string
  x: number
  y: number
  width: number
  height: number
  position: number
  attributes: unknown
  origin: unknown
  answers: { expressionId: string }[]
}): Box {
  const { answers, attributes, origin, id, x, y, width, height, position } = row
  return {
    id: id as BoxId,
    x,
    y,
    width,
    height,
    position,
    expressionIds: answers.map((answer) => answer.expressionId as ExpressionId).sort(),
    attributes: BoxAttributes.parse(attributes),
    origin: BoxOrigin.parse(origin),
  }
}

export function toExpression(row: { id: string; kind: string; text: string; position: number }): Expression {
  return {
    id: row.id as ExpressionId,
    kind: ExpressionKind.parse(row.kind),
    text: row.text,
    position: row.position,
  }
}

export function chunks<T>(items: readonly T[], size = ID_CHUNK): T[][] {
  const parts: T[][] = []
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size))
  return parts
}
