import { z } from 'zod'
import { type AcceptedRevision, AnnotationChange } from '../contracts/annotation.ts'
import type { Database } from '../db/client.ts'

/** More than this is not played but read anew: who was away for so long gets the whole document. */
const MOST = 100

/** What was accepted since, oldest first; null when that is too much to be worth playing. */
export async function revisionsAfter(
  db: Database,
  imageId: string,
  after: number,
): Promise<AcceptedRevision[] | null> {
  const rows = await db.revision.findMany({
    where: { imageId, number: { gt: after } },
    orderBy: { number: 'asc' },
    take: MOST + 1,
    select: {
      number: true,
      bulkEditId: true,
      operationId: true,
      changes: true,
      author: { select: { id: true, name: true } },
    },
  })
  if (rows.length > MOST) return null
  return rows.map(({ bulkEditId, ...row }) => ({
    ...row,
    changes: z.array(AnnotationChange).parse(row.changes),
    isBulk: bulkEditId !== null,
  }))
}
