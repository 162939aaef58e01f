import { Prisma } from '../../prisma/generated/client.ts'
import type { FindPlace, ImageWanted } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { suggested } from '../suggestions/open-suggestions.ts'
import { matching, unfinished } from './image-filter.ts'
import { countImages } from './list-images.ts'

export interface ImagePlace {
  /**
   * Counts from 1. The image itself need not match (somebody may have marked it done a moment ago); then it
   * is the place it would have.
   */
  number: number
  total: number
  previousId: string | null
  nextId: string | null
  /** The next one that is wanted, from the start again after the end; null = there is no other. */
  wantedId: string | null
}

/** Where an image stands among those that match the filter, and where to go from it. */
export async function placeInList(
  db: Database,
  { imageId, filter, wanted }: FindPlace,
  viewerId: string,
): Promise<ImagePlace> {
  const image = await db.image.findUnique({
    where: { id: imageId },
    select: { projectId: true, position: true },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image was deleted.' })
  const where = matching(image.projectId, filter, viewerId)
  const { position } = image
  const first = async (condition: Prisma.Sql, order: Prisma.Sql) => {
    const [row] = await db.$queryRaw<{ id: string }[]>`
      SELECT i."id" FROM "Image" i WHERE ${where} AND ${condition} ORDER BY i."position" ${order} LIMIT 1`
    return row?.id ?? null
  }
  const before = Prisma.sql`i."position" < ${position}`
  const after = Prisma.sql`i."position" > ${position}`
  const upwards = Prisma.sql`ASC`
  const asks = condition(wanted, viewerId)
  const [previousId, nextId, wantedAfter, earlier, total] = await Promise.all([
    first(before, Prisma.sql`DESC`),
    first(after, upwards),
    asks && first(Prisma.sql`${after} AND ${asks}`, upwards),
    countImages(db, Prisma.sql`${where} AND ${before}`),
    countImages(db, where),
  ])
  const wantedId = asks ? (wantedAfter ?? (await first(Prisma.sql`${before} AND ${asks}`, upwards))) : nextId
  return { number: earlier + 1, total, previousId, nextId, wantedId }
}

/** What others are asked to annotate is theirs; work that is done is judged whoever did it. */
function condition(wanted: ImageWanted, viewerId: string): Prisma.Sql | null {
  switch (wanted) {
    case 'any':
      return null
    case 'unfinished':
      return Prisma.sql`${unfinished()} AND (i."assigneeId" IS NULL OR i."assigneeId" = ${viewerId})`
    case 'suggested':
      return suggested()
    case 'toReview':
      return Prisma.sql`i."status" = 'done'`
  }
}
