import { Prisma } from '../../prisma/generated/client.ts'
import type { ImageCard, ListImages } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { readCards } from './image-cards.ts'
import { matching } from './image-filter.ts'

export interface ImagePage {
  images: ImageCard[]
  /** Give it back as `cursor` for the next page; null = this was the last. */
  nextCursor: number | null
  /** Images that match; only on the first page, where it is counted. */
  total: number | null
}

/** The first images that match, and the next ones after `cursor`: for what walks through a list from its start. */
export async function listImages(
  db: Database,
  { projectId, filter, cursor, limit }: ListImages,
  viewerId: string,
): Promise<ImagePage> {
  const where = matching(projectId, filter, viewerId)
  const after = cursor === null ? Prisma.empty : Prisma.sql`AND i."position" > ${cursor}`
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT i."id" FROM "Image" i WHERE ${where} ${after} ORDER BY i."position" LIMIT ${limit + 1}`
  const ids = JSON.stringify(found.slice(0, limit).map(({ id }) => id))
  const images = await readCards(db, Prisma.sql`i."id" IN (SELECT "value" FROM json_each(${ids}))`)
  return {
    images,
    nextCursor: found.length > limit ? (images.at(-1)?.position ?? null) : null,
    total: cursor === null ? await countImages(db, where) : null,
  }
}

async function countImages(db: Database, where: Prisma.Sql): Promise<number> {
  const [row] = await db.$queryRaw<
    { total: bigint }[]
  >`SELECT count(*) AS total FROM "Image" i WHERE ${where}`
  return Number(row?.total ?? 0)
}
