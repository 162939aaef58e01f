import { z } from 'zod'
import { AnnotationChange, type AnnotationDocument, type CatchUp } from '../contracts/annotation.ts'
import { ImageStatus } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { mergedExpressions } from './merged-expressions.ts'
import { readDocument } from './read-document.ts'

export interface CaughtUp {
  document: AnnotationDocument
  /** The document is what this revision left. */
  revision: number
  status: ImageStatus
  /** Expressions that became part of another one: the old id leads to the new one. */
  merged: Record<string, string>
  /** What changes over the whole project did here since `after`, oldest first. */
  bulk: AnnotationChange[]
  /** Those of the operations asked about that are in the history. */
  accepted: string[]
}

/** Times the document is read again when somebody saved in the middle of reading it. */
const ATTEMPTS = 5

/** What somebody needs who was away from an image: how it is now, and what became of what they had sent. */
export async function catchUp(db: Database, { imageId, after, operations }: CatchUp): Promise<CaughtUp> {
  const { document, revision, status } = await readSteadily(db, imageId)
  const rows = await db.revision.findMany({
    where: { imageId, operationId: { in: operations }, number: { lte: revision } },
    select: { operationId: true },
  })
  const bulk = await db.revision.findMany({
    where: { imageId, bulkEditId: { not: null }, number: { gt: after, lte: revision } },
    orderBy: { number: 'asc' },
    select: { changes: true },
  })
  return {
    document,
    revision,
    status,
    merged: await mergedExpressions(db, imageId),
    bulk: bulk.flatMap((row) => z.array(AnnotationChange).parse(row.changes)),
    accepted: rows.map((row) => row.operationId),
  }
}

/**
 * A document and the number of the revision that left it. Boxes, answers and expressions are read one
 * after the other; a save in between is noticed by its revision.
 */
export async function readSteadily(
  db: Database,
  imageId: string,
): Promise<{ document: AnnotationDocument; revision: number; status: ImageStatus }> {
  let before = await readHead(db, imageId)
  for (let attempt = 1; ; attempt += 1) {
    const document = await readDocument(db, imageId)
    const after = await readHead(db, imageId)
    if (before.revision === after.revision || attempt === ATTEMPTS) return { document, ...before }
    before = after
  }
}

async function readHead(db: Database, imageId: string): Promise<{ revision: number; status: ImageStatus }> {
  const image = await db.image.findUnique({
    where: { id: imageId },
    select: { revision: true, status: true },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
  return { revision: image.revision, status: ImageStatus.parse(image.status) }
}
