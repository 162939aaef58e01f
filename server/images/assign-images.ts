import type { z } from 'zod'
import type { AssignImages } from '../contracts/image.ts'
import { Role, roleAllows } from '../contracts/roles.ts'
import type { Database, Transaction } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import type { Changed } from './change-images.ts'
import { chosen } from './image-filter.ts'

/**
 * Asks people to annotate images: the named ones, or all that match a filter. Several people get equal parts
 * of neighbours, since pictures of one series are best annotated by one hand. Nobody = anybody again.
 */
export function assignImages(
  db: Database,
  { projectId, images, userIds }: z.infer<typeof AssignImages>,
  viewerId: string,
): Promise<Changed> {
  const people = [...new Set(userIds)]
  const which = chosen(projectId, images, viewerId)
  return write(db, async (tx) => {
    await requireAnnotators(tx, projectId, people)
    // Dealt by one statement: a filter such as `assignee:none` would match fewer after the first person.
    const changed =
      people.length === 0
        ? await tx.$executeRaw`
            UPDATE "Image" SET "assigneeId" = NULL WHERE "id" IN (SELECT i."id" FROM "Image" i WHERE ${which})`
        : await tx.$executeRaw`
            UPDATE "Image" SET "assigneeId" = person."value"
            FROM (
              SELECT i."id", ntile(${people.length}) OVER (ORDER BY i."position") - 1 AS place
              FROM "Image" i WHERE ${which}
            ) AS dealt
            JOIN json_each(${JSON.stringify(people)}) AS person ON person."key" = dealt.place
            WHERE "Image"."id" = dealt."id"`
    return { images: changed }
  })
}

async function requireAnnotators(tx: Transaction, projectId: string, people: string[]): Promise<void> {
  const members = await tx.member.findMany({
    where: { projectId, userId: { in: people } },
    select: { userId: true, role: true },
  })
  const able = new Set(
    members.flatMap(({ userId, role }) => (roleAllows(Role.parse(role), 'annotations.write') ? userId : [])),
  )
  const unable = people.filter((id) => !able.has(id))
  if (unable.length > 0) {
    throw new StudioError('BAD_REQUEST', {
      message:
        'Images can be assigned to members who annotate. Give this person the role of an annotator first.',
      details: { userIds: unable },
    })
  }
}
