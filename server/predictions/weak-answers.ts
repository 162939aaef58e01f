import { Prisma } from '../../prisma/generated/client.ts'

/**
 * Images on which a tuned model answers some expression worse than `iou`, as a condition on `"Image" i`. It is the
 * measure of `scoreSample`, against the boxes of today: the best IoU of the first predicted box; where nothing is to be
 * found, 1 without a predicted box and 0 with one. Only answers of the run that was asked last count.
 *
 * It starts from those answers: they are few, and every table that is joined has an index for what is asked of it.
 */
export function answeredWorse(projectId: string, iou: number): Prisma.Sql {
  return Prisma.sql`i."id" IN (
    SELECT o."imageId" FROM (${overlaps(projectId)}) o
    GROUP BY o."imageId", o."expression"
    HAVING CASE
      WHEN count(o."boxId") = 0 THEN o."predicted" = 0
      ELSE coalesce(max(o."shared" / (o."areas" - o."shared")), 0)
    END < ${iou})`
}

/**
 * For each answer one row for each annotated box of its expression; one without a box if there is none. All in pixels.
 * Naming both kinds lets SQLite find an expression by text and image at once, not all images that have the text.
 */
function overlaps(projectId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT a."imageId", a."expression", a."predicted", b."id" AS "boxId",
      max(0, min(a."x2", b."x" + b."width") - max(a."x1", b."x"))
        * max(0, min(a."y2", b."y" + b."height") - max(a."y1", b."y")) AS "shared",
      (a."x2" - a."x1") * (a."y2" - a."y1") + b."width" * b."height" AS "areas"
    FROM (${newestAnswers(projectId)}) a
    LEFT JOIN "LabelAlias" la ON la."projectId" = ${projectId} AND la."name" = a."expression"
    LEFT JOIN "Label" l ON l."id" = la."labelId"
    LEFT JOIN "Expression" e ON e."text" IN (a."expression", l."name")
      AND e."kind" IN ('class', 'phrase') AND e."imageId" = a."imageId"
    LEFT JOIN "ExpressionBox" eb ON eb."expressionId" = e."id"
    LEFT JOIN "Box" b ON b."id" = eb."boxId"`
}

/** The first predicted box of each answer. Beside max() SQLite takes the other columns from the row that has it. */
function newestAnswers(projectId: string): Prisma.Sql {
  const corner = (axis: number, side: 'width' | 'height') =>
    Prisma.sql`p."boxes" ->> ${Prisma.raw(`'$[0][${axis}]'`)} / 1000.0 * s.${Prisma.raw(`"${side}"`)}`
  return Prisma.sql`
    SELECT p."imageId", p."expression", max(p."createdAt"), json_array_length(p."boxes") AS "predicted",
      ${corner(0, 'width')} AS "x1", ${corner(1, 'height')} AS "y1",
      ${corner(2, 'width')} AS "x2", ${corner(3, 'height')} AS "y2"
    FROM "Prediction" p JOIN "Image" s ON s."id" = p."imageId"
    WHERE p."model" = 'tuned' AND p."runId" = (${newestRun(projectId)})
    GROUP BY p."imageId", p."expression"`
}

function newestRun(projectId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT q."runId" FROM "Run" r JOIN "Prediction" q ON q."runId" = r."id"
    WHERE r."projectId" = ${projectId} AND q."model" = 'tuned'
    ORDER BY q."createdAt" DESC, r."number" DESC LIMIT 1`
}
