import { z } from 'zod'
import { AnnotationChange, type CompareRevisions } from '../contracts/annotation.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { canonical } from './records.ts'

export interface RevisionSpan {
  /** Number of the revision that the changes lead to. */
  to: number
  /** One for each record that differs. */
  changes: AnnotationChange[]
}

/**
 * The difference between the states that two revisions left: every record as it was before the first change
 * and after the last. Taking the changes back leads from the later state to the earlier one.
 */
export async function changesBetween(
  db: Database,
  { imageId, from, to }: CompareRevisions,
): Promise<RevisionSpan> {
  const image = await db.image.findUnique({ where: { id: imageId }, select: { revision: true } })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
  const last = to ?? image.revision
  if (from > last || last > image.revision) {
    throw new StudioError('BAD_REQUEST', {
      message: `Revision ${last} does not follow revision ${from}; the newest is ${image.revision}.`,
    })
  }
  const rows = await db.revision.findMany({
    where: { imageId, number: { gt: from, lte: last } },
    orderBy: { number: 'asc' },
    select: { changes: true },
  })
  return { to: last, changes: joined(rows.flatMap((row) => z.array(AnnotationChange).parse(row.changes))) }
}

/** One change per record; those that end as they began are left out. */
function joined(changes: readonly AnnotationChange[]): AnnotationChange[] {
  const latest = new Map<string, AnnotationChange>()
  for (const change of changes) {
    const key = `${change.type} ${change.id}`
    const before = (latest.get(key) ?? change).before
    latest.set(key, { ...change, before } as AnnotationChange)
  }
  return [...latest.values()].filter(({ before, after }) => canonical(before) !== canonical(after))
}
