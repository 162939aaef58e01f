import { Prisma } from '../../prisma/generated/client.ts'
import type { BulkEditPayload } from '../contracts/bulk-edit.ts'
import type { Database, Transaction } from '../db/client.ts'
import { matching } from '../images/image-filter.ts'

export interface BulkEditFacts {
  projectId: string
  authorId: string | null
  undoesId: string | null
  payload: BulkEditPayload
}

/** The images that an edit has to look at, as a condition on `"Image" i`. */
export function touchedImages({ projectId, authorId, undoesId, payload }: BulkEditFacts): Prisma.Sql {
  const ours = Prisma.sql`i."projectId" = ${projectId}`
  switch (payload.kind) {
    case 'rename-label':
      return Prisma.sql`${ours} AND ${withClass(payload.from)}`
    case 'merge-label':
    case 'delete-label':
      return Prisma.sql`${ours} AND ${withClass(payload.label.name)}`
    case 'replace': {
      const texts = JSON.stringify([...new Set(payload.lines.map(({ from }) => from))])
      return Prisma.sql`${matching(projectId, payload.search.filter, authorId ?? '')} AND i."id" IN (
        SELECT e."imageId" FROM "Expression" e WHERE e."text" IN (SELECT "value" FROM json_each(${texts})))`
    }
    case 'rename-attribute':
      return Prisma.sql`${ours} AND ${withAttribute(payload.from)}`
    case 'rename-options':
      return Prisma.sql`${ours} AND ${withAttribute(payload.name)}`
    case 'clear-attribute':
      return Prisma.sql`${ours} AND ${withAttribute(payload.attribute.name)}`
    case 'undo':
      return Prisma.sql`${ours} AND i."id" IN (
        SELECT r."imageId" FROM "Revision" r WHERE r."bulkEditId" = ${undoesId})`
  }
}

export async function countTouched(tx: Database | Transaction, facts: BulkEditFacts): Promise<number> {
  const [row] = await tx.$queryRaw<{ images: bigint }[]>`
    SELECT count(*) AS images FROM "Image" i WHERE ${touchedImages(facts)}`
  return Number(row?.images ?? 0)
}

/** Looked up once in the index of texts, not for every image. */
function withClass(name: string): Prisma.Sql {
  return Prisma.sql`i."id" IN (SELECT e."imageId" FROM "Expression" e WHERE e."kind" = 'class' AND e."text" = ${name})`
}

function withAttribute(name: string): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "Box" b, json_each(b."attributes") a WHERE b."imageId" = i."id" AND a."key" = ${name})`
}
