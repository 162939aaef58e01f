import { z } from 'zod'
import { AnnotationChange } from '../contracts/annotation.ts'
import type { ExpressionId } from '../contracts/ids.ts'
import type { Database } from '../db/client.ts'

/**
 * Who relabels the boxes of one image means those boxes; only an edit of many images says that one
 * expression is the other from now on.
 */
const SINGLE_IMAGE_ORIGINS = ['editor', 'import', 'prediction', 'sample']

/** Expressions that an edit of many images put into another one of this image since revision `after`. */
export async function mergedExpressions(
  db: Database,
  imageId: string,
  after: number,
): Promise<Record<string, string>> {
  const rows = await db.revision.findMany({
    where: { imageId, number: { gt: after }, origin: { notIn: SINGLE_IMAGE_ORIGINS } },
    orderBy: { number: 'asc' },
    select: { origin: true, changes: true },
  })
  return Object.assign(
    {},
    ...rows.map(({ origin, changes }) => mergesOf(origin, z.array(AnnotationChange).parse(changes))),
  )
}

/** What this revision merged: the id of each expression that went leads to the one that its boxes answer now. */
export function mergesOf(origin: string, changes: readonly AnnotationChange[]): Record<string, string> {
  return SINGLE_IMAGE_ORIGINS.includes(origin) ? {} : Object.fromEntries(mergesIn(changes))
}

/**
 * Each deleted expression whose boxes all answer one other expression afterwards, at least one of them newly:
 * boxes that only lose it say that it was deleted.
 */
function mergesIn(changes: readonly AnnotationChange[]): Map<ExpressionId, ExpressionId> {
  const merges = new Map<ExpressionId, ExpressionId>()
  for (const change of changes) {
    if (change.type !== 'expression' || change.after) continue
    const boxes = changes.flatMap((other) =>
      other.type === 'box' && other.before?.expressionIds.includes(change.id) ? other : [],
    )
    const gained = new Set(
      boxes.flatMap(({ before, after }) =>
        (after?.expressionIds ?? []).filter((id) => !before?.expressionIds.includes(id)),
      ),
    )
    const [into] = gained
    if (gained.size !== 1 || into === undefined) continue
    if (boxes.every(({ after }) => after?.expressionIds.includes(into))) merges.set(change.id, into)
  }
  return merges
}
