import type { Database } from '../db/client.ts'

/** Expressions of an image that became part of another one: the old id leads to the new one. */
export async function mergedExpressions(db: Database, imageId: string): Promise<Record<string, string>> {
  const rows = await db.mergedExpression.findMany({
    where: { imageId },
    select: { id: true, intoId: true },
  })
  return Object.fromEntries(rows.map(({ id, intoId }) => [id, intoId]))
}
