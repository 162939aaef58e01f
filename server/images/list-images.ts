import { Prisma } from '../../prisma/generated/client.ts'
import { BOXES_ON_CARD, type ImageCard, ImageStatus, type ListImages, Split } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { matching } from './image-filter.ts'

export interface ImagePage {
  images: ImageCard[]
  /** Give it back as `cursor` for the next page; null = this was the last. */
  nextCursor: number | null
  /** Images that match; only on the first page, where it is counted. */
  total: number | null
}

/** One page of a project's images in their order. Pages are found by position, so the last is as fast as the first. */
export async function listImages(
  db: Database,
  { projectId, filter, cursor, limit }: ListImages,
): Promise<ImagePage> {
  const where = matching(projectId, filter)
  const after = cursor === null ? Prisma.empty : Prisma.sql`AND i."position" > ${cursor}`
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT i."id" FROM "Image" i WHERE ${where} ${after} ORDER BY i."position" LIMIT ${limit + 1}`
  const images = await cards(
    db,
    found.slice(0, limit).map(({ id }) => id),
  )
  return {
    images,
    nextCursor: found.length > limit ? (images.at(-1)?.position ?? null) : null,
    total: cursor === null ? await countImages(db, where) : null,
  }
}

export async function countImages(db: Database, where: Prisma.Sql): Promise<number> {
  const [row] = await db.$queryRaw<
    { total: bigint }[]
  >`SELECT count(*) AS total FROM "Image" i WHERE ${where}`
  return Number(row?.total ?? 0)
}

async function cards(db: Database, ids: string[]): Promise<ImageCard[]> {
  const images = await db.image.findMany({
    where: { id: { in: ids } },
    orderBy: { position: 'asc' },
    select: {
      id: true,
      fileName: true,
      width: true,
      height: true,
      status: true,
      split: true,
      revision: true,
      position: true,
      _count: { select: { boxes: true, expressions: true } },
      boxes: {
        take: BOXES_ON_CARD,
        orderBy: { position: 'asc' },
        select: {
          x: true,
          y: true,
          width: true,
          height: true,
          answers: { take: 1, select: { expression: { select: { text: true } } } },
        },
      },
    },
  })
  return images.map(({ _count, boxes, status, split, ...image }) => ({
    ...image,
    status: ImageStatus.parse(status),
    split: Split.nullable().parse(split),
    expressions: _count.expressions,
    boxCount: _count.boxes,
    boxes: boxes.map(({ answers, ...box }) => ({ ...box, text: answers[0]?.expression.text ?? '' })),
  }))
}
