import { readDocuments } from '../annotations/records.ts'
import type { Database } from '../db/client.ts'
import { type Agreement, measureAgreement } from '../grounding/agreement.ts'

/** Images where two people differ most, as many as one looks through. */
const WORST = 12

export interface SecondOpinion {
  projectId: string
  name: string
  /** Who gives it. */
  people: string[]
  images: number
  /** Images that both have finished: only these are compared. */
  compared: number
  agreement: Omit<Agreement, 'images'>
  /** Of this project, the least agreement first. */
  worst: { imageId: string; fileName: string; agreement: number }[]
}

/** The second opinions that were asked for in a project, each compared with what is annotated here. */
export async function listSecondOpinions(db: Database, projectId: string): Promise<SecondOpinion[]> {
  const projects = await db.project.findMany({
    where: { originalId: projectId },
    orderBy: { createdAt: 'desc' },
    select: { id: true, name: true, _count: { select: { images: true } } },
  })
  return Promise.all(
    projects.map(async ({ id, name, _count }) => ({
      projectId: id,
      name,
      images: _count.images,
      people: await assigneesOf(db, id),
      ...(await compare(db, projectId, id)),
    })),
  )
}

async function assigneesOf(db: Database, projectId: string): Promise<string[]> {
  const people = await db.user.findMany({
    where: { assigned: { some: { projectId } } },
    orderBy: { name: 'asc' },
    select: { name: true },
  })
  return people.map(({ name }) => name)
}

async function compare(
  db: Database,
  firstId: string,
  secondId: string,
): Promise<Pick<SecondOpinion, 'compared' | 'agreement' | 'worst'>> {
  const twins = await db.$queryRaw<{ first: string; second: string; fileName: string }[]>`
    SELECT a."id" AS first, b."id" AS second, a."fileName"
    FROM "Image" b JOIN "Image" a ON a."projectId" = ${firstId} AND a."sha256" = b."sha256"
    WHERE b."projectId" = ${secondId}
      AND a."status" IN ('done', 'accepted') AND b."status" IN ('done', 'accepted')
    ORDER BY a."position"`
  const documents = await readDocuments(
    db,
    twins.flatMap(({ first, second }) => [first, second]),
  )
  const documentOf = (id: string) => documents.get(id) ?? { expressions: [], boxes: [] }
  const { images, ...agreement } = measureAgreement(
    twins.map(({ first, second }) => ({ first: documentOf(first), second: documentOf(second) })),
  )
  const worst = twins
    .flatMap(({ first, fileName }, place) => {
      const value = images[place]
      return value === null || value === undefined || value === 1
        ? []
        : [{ imageId: first, fileName, agreement: value }]
    })
    .sort((a, b) => a.agreement - b.agreement)
    .slice(0, WORST)
  return { compared: twins.length, agreement, worst }
}
