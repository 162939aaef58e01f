import type { Prisma } from '../../prisma/generated/client.ts'
import { BOXES_ON_CARD, type ImageCard, ImageStatus, type ListCards, Split } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { atPositions } from './image-filter.ts'

/** The images that stand at these positions, in their order; what was deleted since is left out. */
export async function imageCards(
  db: Database,
  { projectId, positions }: ListCards,
): Promise<{ images: ImageCard[] }> {
  return { images: await readCards(db, atPositions(projectId, positions)) }
}

interface CardRow {
  id: string
  fileName: string
  width: number
  height: number
  status: string
  split: string | null
  revision: number
  position: number
  assignee: string | null
  expressions: number | bigint
  boxCount: number | bigint
  openComments: number | bigint
  boxes: string
}

/**
 * One statement for everything on the cards, asked image by image within the database: as six queries of Prisma's
 * the same took 250 ms for 200 images. Of an image with thousands of boxes only those that are drawn are read.
 */
export async function readCards(db: Database, where: Prisma.Sql): Promise<ImageCard[]> {
  const rows = await db.$queryRaw<CardRow[]>`
    SELECT i."id", i."fileName", i."width", i."height", i."status", i."split", i."revision", i."position",
      (SELECT u."name" FROM "User" u WHERE u."id" = i."assigneeId") AS "assignee",
      (SELECT count(*) FROM "Expression" e WHERE e."imageId" = i."id") AS "expressions",
      (SELECT count(*) FROM "Box" b WHERE b."imageId" = i."id") AS "boxCount",
      (SELECT count(*) FROM "Comment" c
        WHERE c."imageId" = i."id" AND c."threadId" IS NULL AND c."resolvedAt" IS NULL) AS "openComments",
      (SELECT json_group_array(json_array(b."x", b."y", b."width", b."height", (
          SELECT e."text" FROM "ExpressionBox" a JOIN "Expression" e ON e."id" = a."expressionId"
          WHERE a."boxId" = b."id" ORDER BY e."position", e."id" LIMIT 1)))
        FROM (
          SELECT * FROM "Box" WHERE "imageId" = i."id" ORDER BY "position", "id" LIMIT ${BOXES_ON_CARD}
        ) b) AS "boxes"
    FROM "Image" i WHERE ${where} ORDER BY i."position"`
  return rows.map(({ status, split, expressions, boxCount, openComments, boxes, ...image }) => ({
    ...image,
    status: ImageStatus.parse(status),
    split: Split.nullable().parse(split),
    expressions: Number(expressions),
    boxCount: Number(boxCount),
    openComments: Number(openComments),
    boxes: (JSON.parse(boxes) as [number, number, number, number, string | null][]).map(
      ([x, y, width, height, text]) => ({ x, y, width, height, text: text ?? '' }),
    ),
  }))
}
