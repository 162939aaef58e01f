import { applyChanges, type Change, recordOf, sameRecord } from '../components/annotator/document/change.ts'
import { type Doc, docFrom, toDocument } from '../components/annotator/document/doc.ts'
import type { AnnotationDocument } from '../server/contracts/annotation.ts'
import { IMAGE } from './server.ts'

export interface State {
  /** When the server came to have it. */
  at: number
  doc: Doc
  /** What led to it, and who did that; null = a change over the whole project. */
  changes: readonly Change[]
  authorId: string | null
  operationId: string
}

interface Row {
  number: number
  authorId: string | null
  operationId: string
  changes: Change[]
}

/**
 * Every state of the server, played from the history alone.
 * @throws when a revision is missing, does not follow from the one before, or leaves what no document may be
 */
export function playHistory(
  rows: readonly Row[],
  acceptedAt: readonly number[],
  now: AnnotationDocument,
): State[] {
  const states: State[] = [
    {
      at: 0,
      doc: docFrom({ expressions: [], boxes: [] }, IMAGE),
      changes: [],
      authorId: null,
      operationId: '',
    },
  ]
  for (const [place, { number, changes, authorId, operationId }] of rows.entries()) {
    if (number !== place + 1) throw new Error(`Revision ${place + 1} is missing; ${number} comes instead.`)
    const before = states.at(-1)?.doc ?? docFrom({ expressions: [], boxes: [] }, IMAGE)
    let doc = before
    for (const change of changes) {
      if (!sameRecord(recordOf(doc, change), change.before)) {
        throw new Error(`Revision ${number} changes ${change.id} from a state that it was not in.`)
      }
      doc = applyChanges(doc, [change])
    }
    requireValid(doc, number)
    states.push({ at: acceptedAt[place] ?? 0, doc, changes, authorId, operationId })
  }
  const played = canonicalText(toDocument(states.at(-1)?.doc ?? docFrom(now, IMAGE)))
  if (played !== canonicalText(now))
    throw new Error('The history does not lead to the document of the server.')
  return states
}

function requireValid(doc: Doc, number: number): void {
  const texts = [...doc.expressions.values()].map(({ text }) => text)
  if (new Set(texts).size < texts.length) throw new Error(`Revision ${number} leaves one text twice.`)
  for (const box of doc.boxes.values()) {
    if (box.expressionIds.length === 0 || !box.expressionIds.every((id) => doc.expressions.has(id))) {
      throw new Error(`Revision ${number} leaves box ${box.id} without what it shows.`)
    }
  }
}

/** One text for a document, whatever the order of its lists. */
export function canonicalText({ expressions, boxes }: AnnotationDocument): string {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
  const sorted = boxes.map((box) => ({ ...box, expressionIds: [...box.expressionIds].sort() }))
  return JSON.stringify([[...expressions].sort(byId), sorted.sort(byId)], (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
