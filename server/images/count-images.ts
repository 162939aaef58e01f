import { ExpressionKind } from '../contracts/annotation.ts'
import { ImageStatus, Split } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { countSuggested } from '../suggestions/open-suggestions.ts'

/** A list beside the grid that is longer than this is searched, not read. */
const LONGEST_LIST = 500

/** How many images there are by status, split and person, and which classes and phrases are on them, most used first. */
export async function imageCounts(db: Database, projectId: string, viewerId: string) {
  const isOpen = { threadId: null, resolvedAt: null }
  const [statuses, splits, assigned, withOpenComments, withSuggestions, mine, expressions] =
    await Promise.all([
      db.image.groupBy({ by: ['status'], where: { projectId }, _count: true }),
      db.image.groupBy({ by: ['split'], where: { projectId }, _count: true }),
      db.image.groupBy({ by: ['assigneeId'], where: { projectId }, _count: true }),
      db.image.count({ where: { projectId, comments: { some: isOpen } } }),
      countSuggested(db, projectId),
      db.image.groupBy({ by: ['status'], where: { projectId, assigneeId: viewerId }, _count: true }),
      db.$queryRaw<{ kind: string; text: string; images: bigint; boxes: bigint }[]>`
      SELECT e."kind", e."text", count(DISTINCT e."imageId") AS images, count(a."boxId") AS boxes
      FROM "Expression" e
      JOIN "Image" i ON i."id" = e."imageId"
      LEFT JOIN "ExpressionBox" a ON a."expressionId" = e."id"
      WHERE i."projectId" = ${projectId}
      GROUP BY e."kind", e."text"
      ORDER BY boxes DESC, e."text"
      LIMIT ${LONGEST_LIST}`,
    ])
  const people = await db.user.findMany({
    where: { id: { in: assigned.flatMap(({ assigneeId }) => assigneeId ?? []) } },
    orderBy: { name: 'asc' },
    select: { id: true, name: true },
  })
  const assignedTo = (id: string | null) => assigned.find(({ assigneeId }) => assigneeId === id)?._count ?? 0
  const countOf = (status: ImageStatus) => statuses.find((group) => group.status === status)?._count ?? 0
  const splitOf = (split: Split | null) => splits.find((group) => group.split === split)?._count ?? 0
  return {
    total: statuses.reduce((sum, group) => sum + group._count, 0),
    statuses: ImageStatus.options.map((status) => ({ status, images: countOf(status) })),
    splits: [...Split.options, null].map((split) => ({ split, images: splitOf(split) })),
    assignees: people.map((person) => ({ ...person, images: assignedTo(person.id) })),
    unassigned: assignedTo(null),
    withOpenComments,
    /** Images for which a model proposes boxes that nobody has judged. */
    withSuggestions,
    /** The images of the person who asks. */
    mine: ImageStatus.options.map((status) => ({
      status,
      images: mine.find((group) => group.status === status)?._count ?? 0,
    })),
    expressions: expressions.map(({ kind, text, images, boxes }) => ({
      kind: ExpressionKind.parse(kind),
      text,
      images: Number(images),
      boxes: Number(boxes),
    })),
  }
}
