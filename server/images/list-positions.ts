import { Prisma } from '../../prisma/generated/client.ts'
import type { ListPositions } from '../contracts/image.ts'
import { writePositions } from '../contracts/image-positions.ts'
import type { Database } from '../db/client.ts'
import { matching } from './image-filter.ts'

/**
 * Every image that matches, by its position: the whole list is known at once, so that one can jump into its
 * middle, choose ranges and count without loading anything, and no page of it has to be found by the filter.
 */
export async function listPositions(
  db: Database,
  { projectId, filter }: ListPositions,
  viewerId: string,
): Promise<{ positions: string }> {
  const { listed } = await readPositionsOf(db, matching(projectId, filter, viewerId))
  return { positions: writePositions(listed) }
}

/**
 * Positions of the images that match `where`, ascending, and of those among them for which `also` holds.
 * SQLite gives each list as one value: as 100,000 rows they would take Prisma half a second, and nobody else
 * is answered meanwhile.
 */
export async function readPositionsOf(
  db: Database,
  where: Prisma.Sql,
  also = Prisma.sql`0`,
): Promise<{ listed: number[]; also: number[] }> {
  const [row] = await db.$queryRaw<{ listed: string; also: string }[]>`
    SELECT json_group_array("position") AS listed, json_group_array("position") FILTER (WHERE "also") AS also
    FROM (SELECT i."position", (${also}) AS "also" FROM "Image" i WHERE ${where} ORDER BY i."position")`
  return {
    listed: JSON.parse(row?.listed ?? '[]') as number[],
    also: JSON.parse(row?.also ?? '[]') as number[],
  }
}
