import { Prisma } from '../../prisma/generated/client.ts'
import type { ImageStatus } from '../contracts/image.ts'
import { sourcesOf } from '../contracts/image-status.ts'
import { type Role, roleAllows } from '../contracts/roles.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'

/** The person who moves, with their role in the project of the images. */
export interface Mover {
  id: string
  role: Role
}

/**
 * Brings those of the images to `to` whose status lets this person; the others stay as they are. Every move
 * is written down, a verdict with the person whose work it is about. Accepting settles why an image had been
 * returned. Call it inside `write`.
 * @returns the ids of what was moved
 */
export async function moveStatus(
  tx: Transaction,
  where: Prisma.ImageWhereInput,
  to: ImageStatus,
  by: Mover,
): Promise<string[]> {
  const sources = sourcesOf(to, (right) => roleAllows(by.role, right))
  const images = await tx.image.findMany({
    where: { AND: [where, { status: { in: sources } }] },
    select: { id: true, status: true },
  })
  if (images.length === 0) return []
  const ids = images.map(({ id }) => id)
  const isVerdict = to === 'accepted' || to === 'returned'
  const workers = isVerdict ? await workersOf(tx, ids, by.id) : null
  await tx.image.updateMany({ where: { id: { in: ids } }, data: { status: to } })
  await tx.statusChange.createMany({
    data: images.map(({ id, status }) => ({
      id: newId('st'),
      imageId: id,
      from: status,
      to,
      byId: by.id,
      aboutId: workers?.get(id) ?? null,
    })),
  })
  if (to === 'accepted') {
    await tx.comment.updateMany({
      where: { imageId: { in: ids }, kind: 'return', resolvedAt: null },
      data: { resolvedAt: new Date(), resolvedById: by.id },
    })
  }
  return ids
}

/**
 * Whose work is judged: who said last that it is done, or else who changed it last. The judge is never meant;
 * accepting what one did oneself says nothing about anybody.
 */
async function workersOf(tx: Transaction, ids: string[], judge: string): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ imageId: string; personId: string | null }[]>`
    SELECT i."id" AS "imageId", coalesce(
      (SELECT s."byId" FROM "StatusChange" s
        WHERE s."imageId" = i."id" AND s."to" = 'done' AND s."byId" <> ${judge}
        ORDER BY s."createdAt" DESC LIMIT 1),
      (SELECT r."authorId" FROM "Revision" r
        WHERE r."imageId" = i."id" AND r."authorId" <> ${judge} AND r."origin" <> 'import'
        ORDER BY r."number" DESC LIMIT 1)
    ) AS "personId"
    FROM "Image" i WHERE i."id" IN (${Prisma.join(ids)})`
  return new Map(rows.flatMap(({ imageId, personId }) => (personId ? [[imageId, personId] as const] : [])))
}
