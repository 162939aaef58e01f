import { Prisma } from '../../prisma/generated/client.ts'
import type { AskSecondOpinion } from '../contracts/team.ts'
import type { Database, Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { matching } from '../images/image-filter.ts'

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
      select: { settings: true, labels: { select: { name: true, colour: true, position: true } } },
    })
    const person = await tx.member.findFirst({ where: { projectId, userId }, select: { userId: true } })
    if (!original || !person) {
      throw new StudioError('NOT_FOUND', { message: 'This person is no member of the project.' })
    }
    const which =
      'filter' in images
        ? matching(projectId, images.filter, askedBy)
        : Prisma.sql`i."projectId" = ${projectId} AND i."id" IN (${Prisma.join(images.imageIds)})`
    const ids = await spread(tx, which, count)
    if (ids.length === 0) {
      throw new StudioError('BAD_REQUEST', {
        message: 'No image matches. Choose others, or clear the filter.',
      })
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
      },
      select: { id: true },
    })
    const rows = await tx.image.findMany({
      where: { id: { in: ids } },
      orderBy: { position: 'asc' },
      select: {
        sha256: true,
        originalSha256: true,
        fileName: true,
        mediaType: true,
        bytes: true,
        width: true,
        height: true,
        baking: true,
        origin: true,
      },
    })
    await tx.image.createMany({
      data: rows.map((row, position) => ({
        ...row,
        baking: row.baking as Prisma.InputJsonValue,
        id: newId('img'),
        projectId: copy.id,
        assigneeId: userId,
        position,
      })),
    })
    return { projectId: copy.id, images: rows.length }
  })
}

/** So many of the images at even distances, first and last part of the list alike. */
async function spread(tx: Transaction, which: Prisma.Sql, count: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM (
      SELECT i."id", row_number() OVER (ORDER BY i."position") - 1 AS place, count(*) OVER () AS total
      FROM "Image" i WHERE ${which}
    )
    WHERE total <= ${count} OR place * ${count} / total <> (place - 1) * ${count} / total OR place = 0
    LIMIT ${count}`
  return rows.map(({ id }) => id)
}
