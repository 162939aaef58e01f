import { Prisma } from '../../prisma/generated/client.ts'
import type { VersionOptions, VersionStats } from '../contracts/version.ts'
import type { Database } from '../db/client.ts'
import { includedExpressions, includedImages, negativesOf, selectForVersion } from './selection.ts'
import { byBoxes } from './stats.ts'

/**
 * What a freeze with these options would hold, counted by the database instead of read: the sheet asks
 * at every change of an option, also in a project of 100,000 images.
 */
export async function previewVersion(
  db: Database,
  projectId: string,
  options: VersionOptions,
): Promise<VersionStats> {
  const image = includedImages(projectId, options)
  const [selection, expressions, boxes, negatives, labels] = await Promise.all([
    selectForVersion(db, projectId, options),
    db.expression.count({ where: { image, ...includedExpressions(options) } }),
    db.expressionBox.count({ where: { expression: { image } } }),
    db.expression.count({ where: negativesOf(projectId, options) }),
    countLabels(db, projectId, options),
  ])
  const images = { train: 0, val: 0, test: 0 }
  for (const { split } of selection.images) images[split] += 1
  const { negatives: wanted } = options.conversation
  return {
    images,
    expressions,
    boxes,
    negatives: wanted ? negatives : 0,
    skippedNegatives: wanted ? 0 : negatives,
    conversations: selection.conversations.length,
    leftOut: selection.leftOut,
    labels,
  }
}

async function countLabels(db: Database, projectId: string, options: VersionOptions) {
  const finished =
    options.include === 'finished' ? Prisma.sql`AND i."status" IN ('done', 'accepted')` : Prisma.empty
  const negatives = options.conversation.negatives ? Prisma.empty : Prisma.sql`AND a."boxId" IS NOT NULL`
  const rows = await db.$queryRaw<{ text: string; boxes: bigint; images: bigint }[]>`
    SELECT e."text" AS "text", COUNT(a."boxId") AS "boxes", COUNT(DISTINCT e."imageId") AS "images"
    FROM "Expression" e
    JOIN "Image" i ON i."id" = e."imageId"
    LEFT JOIN "ExpressionBox" a ON a."expressionId" = e."id"
    WHERE i."projectId" = ${projectId} AND e."kind" = 'class' ${finished} ${negatives}
    GROUP BY e."text"`
  return rows
    .map(({ text, boxes, images }) => ({ text, boxes: Number(boxes), images: Number(images) }))
    .sort(byBoxes)
}
