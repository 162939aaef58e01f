import { Prisma } from '../../prisma/generated/client.ts'
import type { AskSecondOpinion } from '../contracts/team.ts'
import type { Database, Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { chosen } from '../images/image-filter.ts'

/**
 * A project of its own with the same pictures and label set and none of the annotations, assigned to one
 * person. Another project is what keeps the work blind: nothing in it leads to the first person's boxes, every
 * rule about versions, export and counts holds without an exception, and the pictures cost no space, since the
 * blob store knows them by their hash. Who can open the original as well is on their honour.
 */
export function askSecondOpinion(
  db: Database,
  askedBy: string,
  { projectId, name, images, count, userId }: AskSecondOpinion,
): Promise<{ projectId: string; images: number }> {
  return write(db, async (tx) => {
    const original = await tx.project.findUnique({
      where: { id: projectId },
      select: {
        settings: true,
        labels: { select: { name: true, colour: true, position: true } },
        attributes: { select: { name: true, rule: true, position: true } },
      },
    })
    const person = await tx.member.findFirst({ where: { projectId, userId }, select: { userId: true } })
    if (!original || !person) {
      throw new StudioError('NOT_FOUND', { message: 'This person is no member of the project.' })
    }
    const copy = await tx.project.create({
      data: {
        id: newId('p'),
        name,
        settings: original.settings as Prisma.InputJsonValue,
        originalId: projectId,
        members: {
          create: [
            { userId: askedBy, role: 'owner' },
            ...(userId === askedBy ? [] : [{ userId, role: 'annotator' }]),
          ],
        },
        labels: { create: original.labels.map((label) => ({ id: newId('lb'), ...label })) },
        attributes: {
          create: original.attributes.map(({ rule, ...attribute }) => ({
            id: newId('at'),
            rule: rule as Prisma.InputJsonValue,
            ...attribute,
          })),
        },
      },
      select: { id: true },
    })
    const copied = await copyImages(tx, chosen(projectId, images, askedBy), { count, userId, into: copy.id })
    if (copied === 0) {
      throw new StudioError('BAD_REQUEST', {
        message: 'No image matches. Choose others, or clear the filter.',
      })
    }
    return { projectId: copy.id, images: copied }
  })
}

/** So many of the images at even distances, so that the first and the last part of the list are there alike. */
function copyImages(
  tx: Transaction,
  which: Prisma.Sql,
  { count, userId, into }: { count: number; userId: string; into: string },
): Promise<number> {
  // Parameters arrive as floats, and the quotients have to be whole.
  const whole = Prisma.sql`CAST(${count} AS INTEGER)`
  return tx.$executeRaw`
    INSERT INTO "Image" ("id", "projectId", "assigneeId", "position", "createdAt", "sha256", "originalSha256",
      "fileName", "mediaType", "bytes", "width", "height", "baking", "origin")
    SELECT 'im_' || lower(hex(randomblob(10))), ${into}, ${userId}, row_number() OVER (ORDER BY place) - 1,
      ${new Date().toISOString()}, "sha256", "originalSha256",
      "fileName", "mediaType", "bytes", "width", "height", "baking", "origin"
    FROM (
      SELECT i.*, row_number() OVER (ORDER BY i."position") - 1 AS place, count(*) OVER () AS total
      FROM "Image" i WHERE ${which}
    )
    WHERE total <= ${count} OR place = 0 OR place * ${whole} / total <> (place - 1) * ${whole} / total`
}
