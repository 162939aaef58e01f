import { Prisma } from '../../prisma/generated/client.ts'
import type { TeamStatistics } from '../contracts/team.ts'
import type { Database } from '../db/client.ts'

/** A longer silence between two saved changes is a break, not work. */
const BREAK_SECONDS = 5 * 60
const DAY_MS = 24 * 60 * 60 * 1000

export interface PersonStatistics {
  id: string
  name: string
  /** Images that this person changed, and boxes that they drew or accepted from a model. */
  images: number
  boxes: number
  /** Images they are asked to annotate, and how many of those are not finished. */
  assigned: number
  unfinished: number
  /** From the first change to the last … */
  firstAt: Date | null
  lastAt: Date | null
  /** … and the time between changes without the breaks: a lower bound of the time spent. */
  activeSeconds: number
  /** Verdicts on this person's work, and verdicts that they gave. */
  accepted: number
  returned: number
  judged: number
}

interface Work {
  personId: string
  images: bigint
  firstAt: string
  lastAt: string
  activeSeconds: number
}

/**
 * What each person did in a project: members first of all, and whoever else left changes.
 * @param only limits it to one person: what annotators see is their own
 */
export async function teamStatistics(
  db: Database,
  { projectId, days }: TeamStatistics,
  only: string | null,
): Promise<PersonStatistics[]> {
  const since = new Date(days === null ? 0 : Date.now() - days * DAY_MS).toISOString()
  const ofProject = Prisma.sql`i."projectId" = ${projectId}`
  const byHand = Prisma.sql`r."authorId" IS NOT NULL AND r."origin" IN ('editor', 'prediction') AND r."createdAt" >= ${since}`
  const [work, drawn, verdicts, given, assigned, members] = await Promise.all([
    db.$queryRaw<Work[]>`
      WITH moments AS (
        SELECT r."authorId", r."imageId", r."createdAt",
          (julianday(r."createdAt") - julianday(lag(r."createdAt") OVER person)) * 86400 AS gap
        FROM "Revision" r JOIN "Image" i ON i."id" = r."imageId"
        WHERE ${ofProject} AND ${byHand}
        WINDOW person AS (PARTITION BY r."authorId" ORDER BY r."createdAt")
      )
      SELECT "authorId" AS "personId", count(DISTINCT "imageId") AS images,
        min("createdAt") AS "firstAt", max("createdAt") AS "lastAt",
        coalesce(sum(CASE WHEN gap < ${BREAK_SECONDS} THEN gap END), 0.0) AS "activeSeconds"
      FROM moments GROUP BY "authorId"`,
    db.$queryRaw<{ personId: string; boxes: bigint }[]>`
      -- A box that was deleted and brought back is one box.
      SELECT r."authorId" AS "personId", count(DISTINCT json_extract(change."value", '$.id')) AS boxes
      FROM "Revision" r JOIN "Image" i ON i."id" = r."imageId", json_each(r."changes") AS change
      WHERE ${ofProject} AND ${byHand}
        AND json_extract(change."value", '$.type') = 'box'
        AND json_extract(change."value", '$.before') IS NULL
      GROUP BY r."authorId"`,
    verdictCounts(db, projectId, since, 'aboutId'),
    verdictCounts(db, projectId, since, 'byId'),
    db.image.groupBy({
      by: ['assigneeId', 'status'],
      where: { projectId, assigneeId: { not: null } },
      _count: true,
    }),
    db.member.findMany({ where: { projectId }, select: { userId: true } }),
  ])
  const ids = new Set([
    ...members.map(({ userId }) => userId),
    ...work.map(({ personId }) => personId),
    ...verdicts.map(({ personId }) => personId),
  ])
  const people = await db.user.findMany({
    where: { id: { in: only === null ? [...ids] : [only] } },
    orderBy: { name: 'asc' },
    select: { id: true, name: true },
  })
  return people.map(({ id, name }) => {
    const done = work.find(({ personId }) => personId === id)
    const theirs = assigned.filter(({ assigneeId }) => assigneeId === id)
    const open = theirs.filter(({ status }) => status !== 'done' && status !== 'accepted')
    const about = verdicts.find(({ personId }) => personId === id)
    const by = given.find(({ personId }) => personId === id)
    return {
      id,
      name,
      images: Number(done?.images ?? 0),
      boxes: Number(drawn.find(({ personId }) => personId === id)?.boxes ?? 0),
      assigned: theirs.reduce((sum, group) => sum + group._count, 0),
      unfinished: open.reduce((sum, group) => sum + group._count, 0),
      firstAt: done ? new Date(done.firstAt) : null,
      lastAt: done ? new Date(done.lastAt) : null,
      activeSeconds: Math.round(done?.activeSeconds ?? 0),
      accepted: Number(about?.accepted ?? 0),
      returned: Number(about?.returned ?? 0),
      judged: Number(by?.accepted ?? 0) + Number(by?.returned ?? 0),
    }
  })
}

function verdictCounts(db: Database, projectId: string, since: string, side: 'aboutId' | 'byId') {
  const person = Prisma.raw(`s."${side}"`)
  return db.$queryRaw<{ personId: string; accepted: bigint; returned: bigint }[]>`
    SELECT ${person} AS "personId",
      sum(s."to" = 'accepted') AS accepted, sum(s."to" = 'returned') AS returned
    FROM "StatusChange" s JOIN "Image" i ON i."id" = s."imageId"
    WHERE i."projectId" = ${projectId} AND s."to" IN ('accepted', 'returned')
      AND ${person} IS NOT NULL AND s."createdAt" >= ${since}
    GROUP BY ${person}`
}
