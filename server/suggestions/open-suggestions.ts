import { Prisma } from '../../prisma/generated/client.ts'
import { Suggestion } from '../contracts/suggestion.ts'
import type { Database } from '../db/client.ts'

/** Images with a suggestion that waits for a person, as a condition on `"Image" i`. */
export function suggested(): Prisma.Sql {
  return Prisma.sql`i."id" IN (SELECT s."imageId" FROM "Suggestion" s WHERE ${waiting()})`
}

/** Neither judged nor accepted: a condition on `"Suggestion" s`. */
function waiting(): Prisma.Sql {
  return Prisma.sql`s."state" = 'open' AND NOT EXISTS (SELECT 1 FROM "Box" b WHERE b."id" = s."boxId")`
}

/** What models propose for an image, the surest first. A class that was renamed or merged has its new name. */
export async function openSuggestions(
  db: Database,
  { id: imageId, projectId }: { id: string; projectId: string },
): Promise<Suggestion[]> {
  const rows = await db.suggestion.findMany({
    where: { imageId, state: 'open' },
    orderBy: [{ score: 'desc' }, { id: 'asc' }],
  })
  if (rows.length === 0) return []
  const made = await db.box.findMany({
    where: { id: { in: rows.map(({ boxId }) => boxId) } },
    select: { id: true },
  })
  const accepted = new Set(made.map(({ id }) => id))
  const names = rows.flatMap(({ kind, text }) => (kind === 'class' ? text : []))
  const aliases = await db.labelAlias.findMany({
    where: { projectId, name: { in: [...new Set(names)] } },
    select: { name: true, label: { select: { name: true } } },
  })
  const newNames = new Map(aliases.map(({ name, label }) => [name, label.name]))
  return rows
    .filter(({ boxId }) => !accepted.has(boxId))
    .map(({ text, ...row }) =>
      Suggestion.parse({ ...row, text: (row.kind === 'class' && newNames.get(text)) || text }),
    )
}

export async function countSuggested(db: Database, projectId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ images: bigint }[]>`
    SELECT count(*) AS images FROM "Image" i WHERE i."projectId" = ${projectId} AND ${suggested()}`
  return Number(row?.images ?? 0)
}
