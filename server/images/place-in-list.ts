import { Prisma } from '../../prisma/generated/client.ts'
import type { FindPlace, ImageWanted } from '../contracts/image.ts'
import { placeOf } from '../contracts/image-positions.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { suggested } from '../suggestions/open-suggestions.ts'
import { matching, unfinished } from './image-filter.ts'
import { readPositionsOf } from './list-positions.ts'

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

/** Where an image stands among those that match the filter, and where to go from it; asks the filter once. */
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
  const { projectId, position } = image
  const asks = condition(wanted, viewerId)
  const found = await readPositionsOf(db, matching(projectId, filter, viewerId), asks ?? undefined)
  const { listed } = found
  const before = placeOf(listed, position)
  const previous = listed[before - 1]
  const next = listed[placeOf(listed, position + 1)]
  const goesTo = asks ? after(found.also, position) : next
  const ids = await idsAt(
    db,
    projectId,
    [previous, next, goesTo].filter((other) => other !== undefined),
  )
  const idOf = (other: number | undefined) => (other === undefined ? null : (ids.get(other) ?? null))
  return {
    number: before + 1,
    total: listed.length,
    previousId: idOf(previous),
    nextId: idOf(next),
    wantedId: idOf(goesTo),
  }
}

/** The first one after the image, or from the start; never the image itself. */
function after(positions: readonly number[], position: number): number | undefined {
  const next = positions[placeOf(positions, position + 1)] ?? positions[0]
  return next === position ? undefined : next
}

async function idsAt(db: Database, projectId: string, positions: number[]): Promise<Map<number, string>> {
  const images = await db.image.findMany({
    where: { projectId, position: { in: positions } },
    select: { id: true, position: true },
  })
  return new Map(images.map((image) => [image.position, image.id]))
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
