import { z } from 'zod'
import { AnnotationChange } from '../contracts/annotation.ts'
import type { Database } from '../db/client.ts'

const PAGE = 50

export interface RevisionEntry {
  number: number
  /** editor | import | prediction | sample */
  origin: string
  author: { id: string; name: string } | null
  createdAt: Date
  counts: { created: number; changed: number; deleted: number }
}

/** The history of one image, newest first. `before` = number of the last one of the page before. */
export async function listRevisions(
  db: Database,
  input: { imageId: string; before: number | null },
): Promise<RevisionEntry[]> {
  const rows = await db.revision.findMany({
    where: { imageId: input.imageId, ...(input.before === null ? {} : { number: { lt: input.before } }) },
    orderBy: { number: 'desc' },
    take: PAGE,
    select: {
      number: true,
      origin: true,
      createdAt: true,
      changes: true,
      author: { select: { id: true, name: true } },
    },
  })
  return rows.map(({ changes, ...row }) => ({
    ...row,
    counts: countChanges(z.array(AnnotationChange).parse(changes)),
  }))
}

function countChanges(changes: readonly AnnotationChange[]): RevisionEntry['counts'] {
  const counts = { created: 0, changed: 0, deleted: 0 }
  for (const { before, after } of changes) {
    if (!before) counts.created += 1
    else if (!after) counts.deleted += 1
    else counts.changed += 1
  }
  return counts
}
