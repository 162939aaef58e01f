import { z } from 'zod'
import { chunks, readDocuments } from '../annotations/records.ts'
import type { BoxAttributes } from '../contracts/annotation.ts'
import { ConversationTurn } from '../contracts/conversation.ts'
import type { VersionOptions, VersionRecord } from '../contracts/version.ts'
import type { Database } from '../db/client.ts'
import { groundedExpressions } from '../grounding/document.ts'
import type { Selection } from './selection.ts'

/** Images read in one transaction: their revision numbers and annotations must be of one moment. */
const CHUNK = 500

const IMAGE_FIELDS = {
  id: true,
  revision: true,
  sha256: true,
  fileName: true,
  mediaType: true,
  width: true,
  height: true,
} as const

/** The content of a version, in the order of the selection. */
export async function* readRecords(
  db: Database,
  selection: Selection,
  options: VersionOptions,
): AsyncGenerator<VersionRecord> {
  for (const part of chunks(selection.images, CHUNK)) {
    const ids = part.map(({ id }) => id)
    const { rows, documents } = await db.$transaction(async (tx) => ({
      rows: new Map(
        (await tx.image.findMany({ where: { id: { in: ids } }, select: IMAGE_FIELDS })).map((row) => [
          row.id,
          row,
        ]),
      ),
      documents: await readDocuments(tx, ids),
    }))
    for (const { id, split } of part) {
      const row = rows.get(id)
      const document = documents.get(id)
      if (!row || !document) continue
      const expressions = groundedExpressions(document)
        .filter(({ boxes }) => options.conversation.negatives || boxes.length > 0)
        .map(({ kind, text, boxes, attributes }) => ({
          kind,
          text,
          boxes: boxes.map(([x1, y1, x2, y2]): [number, number, number, number] => [x1, y1, x2, y2]),
          ...(attributes ? { attributes: attributes.map(byName) } : {}),
        }))
      // Emptied by someone between the selection and now.
      if (expressions.length === 0) continue
      const { id: imageId, revision, sha256, fileName, mediaType, width, height } = row
      yield {
        kind: 'image',
        imageId,
        revision,
        sha256,
        fileName,
        mediaType,
        width,
        height,
        split,
        expressions,
      }
    }
  }
  for (const part of chunks(selection.conversations, CHUNK)) {
    const rows = await db.conversation.findMany({
      where: { id: { in: part.map(({ id }) => id) } },
      select: {
        id: true,
        turns: true,
        images: {
          orderBy: { position: 'asc' },
          select: { image: { select: { sha256: true, fileName: true, mediaType: true } } },
        },
      },
    })
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const { id, split } of part) {
      const row = byId.get(id)
      if (!row) continue
      const images = row.images.map(({ image }) => image)
      yield { kind: 'conversation', split, images, turns: z.array(ConversationTurn).parse(row.turns) }
    }
  }
}

/** In one order, so that two equal freezes have one hash. */
function byName(attributes: BoxAttributes): BoxAttributes {
  return Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))
}
