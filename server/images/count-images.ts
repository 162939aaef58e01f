import { Prisma } from '../../prisma/generated/client.ts'
import { ImageStatus, Split } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { countSuggested } from '../suggestions/open-suggestions.ts'
import { tallyExpressions } from './expression-tally.ts'

/** A list beside the grid that is longer than this is searched, not read. */
const LONGEST_LIST = 500

/** How many images there are by status, split and person, and which classes and phrases are on them, most used first. */
export async function imageCounts(db: Database, projectId: string, viewerId: string) {
  const [{ statuses, mine, splits, unsplit }, assigned, withOpenComments, withSuggestions, expressions] =
    await Promise.all([
      countRows(db, projectId, viewerId),
      db.image.groupBy({ by: ['assigneeId'], where: { projectId }, _count: true }),
      countCommented(db, projectId),
      countSuggested(db, projectId),
      tallyExpressions(db, projectId),
    ])
  const ids = assigned.flatMap(({ assigneeId }) => assigneeId ?? [])
  const people = await db.user.findMany({
    where: { OR: [{ memberships: { some: { projectId } } }, { id: { in: ids } }] },
    orderBy: { name: 'asc' },
    select: { id: true, name: true },
  })
  const assignedTo = (id: string | null) => assigned.find(({ assigneeId }) => assigneeId === id)?._count ?? 0
  return {
    total: statuses.reduce((sum, { images }) => sum + images, 0),
    statuses,
    splits: [...splits, { split: null, images: unsplit }],
    assignees: people.flatMap((person) => {
      const images = assignedTo(person.id)
      return images > 0 ? [{ ...person, images }] : []
    }),
    /** Whom a filter can name. */
    people: people.map(({ name }) => name),
    unassigned: assignedTo(null),
    withOpenComments,
    /** Images for which a model proposes boxes that nobody has judged. */
    withSuggestions,
    /** The images of the person who asks. */
    mine,
    expressions: expressions.slice(0, LONGEST_LIST),
  }
}

/** One look at every row, nothing sorted: as groups the same took three times as long at 100,000 images. */
async function countRows(db: Database, projectId: string, viewerId: string) {
  const isMine = Prisma.sql`i."assigneeId" IS ${viewerId}`
  const conditions = [
    ...ImageStatus.options.map((status) => Prisma.sql`i."status" = ${status}`),
    ...ImageStatus.options.map((status) => Prisma.sql`i."status" = ${status} AND ${isMine}`),
    ...Split.options.map((split) => Prisma.sql`i."split" IS ${split}`),
    Prisma.sql`i."split" IS NULL`,
  ]
  const sums = conditions.map((condition) => Prisma.sql`coalesce(sum(${condition}), 0)`)
  const [row] = await db.$queryRaw<{ counts: string }[]>`
    SELECT json_array(${Prisma.join(sums)}) AS counts FROM "Image" i WHERE i."projectId" = ${projectId}`
  const counts = JSON.parse(row?.counts ?? '[]') as number[]
  const take = () => counts.shift() ?? 0
  return {
    statuses: ImageStatus.options.map((status) => ({ status, images: take() })),
    mine: ImageStatus.options.map((status) => ({ status, images: take() })),
    splits: Split.options.map((split) => ({ split, images: take() })),
    unsplit: take(),
  }
}

async function countCommented(db: Database, projectId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ images: bigint }[]>`
    SELECT count(DISTINCT c."imageId") AS images
    FROM "Comment" c JOIN "Image" i ON i."id" = c."imageId"
    WHERE c."threadId" IS NULL AND c."resolvedAt" IS NULL AND i."projectId" = ${projectId}`
  return Number(row?.images ?? 0)
}
