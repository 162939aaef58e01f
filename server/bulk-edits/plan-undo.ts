import { sameRecord } from '../annotations/records.ts'
import type { AnnotationChange, AnnotationDocument, Box, Expression } from '../contracts/annotation.ts'
import { mergeRecords } from '../grounding/merge-records.ts'
import { expressionChange } from './document-plan.ts'

/**
 * What takes the changes of one revision back on the image as it is now. Where somebody has changed other fields of
 * the same record since, theirs stay: a box that was moved goes back to its old expression at its new place.
 * @returns null when that is not possible without overwriting somebody: the image is left as it is
 */
export function planUndo(
  document: AnnotationDocument,
  done: readonly AnnotationChange[],
): AnnotationChange[] | null {
  const now = new Map<string, Box | Expression>(
    [...document.expressions, ...document.boxes].map((record) => [record.id, record]),
  )
  const changes: AnnotationChange[] = []
  for (const { type, id, before, after } of done) {
    const theirs = now.get(id) ?? null
    const back = takeBack(before, after, theirs)
    if (back === undefined) return null
    if (!sameRecord(theirs, back)) changes.push({ type, id, before: theirs, after: back } as AnnotationChange)
  }
  return settled(document, done, changes)
}

/** Undefined = not without overwriting somebody. */
function takeBack(
  before: Box | Expression | null,
  after: Box | Expression | null,
  theirs: Box | Expression | null,
): Box | Expression | null | undefined {
  if (sameRecord(theirs, after)) return before
  // Somebody deleted it since: that stays so.
  if (theirs === null) return null
  if (before === null || after === null) return undefined
  return mergeRecords(after, before, theirs) ?? undefined
}

/**
 * Without expressions that would turn into negatives only because somebody deleted their boxes since. Null when a
 * text would stand twice, or a box would answer what is not there.
 */
function settled(
  document: AnnotationDocument,
  done: readonly AnnotationChange[],
  changes: readonly AnnotationChange[],
): AnnotationChange[] | null {
  const hadBoxes = new Set([
    ...document.boxes.flatMap((box) => box.expressionIds),
    ...done.flatMap((change) => (change.type === 'box' ? (change.before?.expressionIds ?? []) : [])),
  ])
  const expressions = new Map(document.expressions.map((record) => [record.id, record]))
  const boxes = new Map(document.boxes.map((record) => [record.id, record]))
  for (const change of changes) {
    if (change.type === 'box') set(boxes, change.after, change.id as Box['id'])
    else set(expressions, change.after, change.id as Expression['id'])
  }
  const answered = new Set([...boxes.values()].flatMap((box) => box.expressionIds))
  const emptied = new Set([...expressions.keys()].filter((id) => hadBoxes.has(id) && !answered.has(id)))
  for (const id of emptied) expressions.delete(id)
  const texts = new Set([...expressions.values()].map(({ text }) => text))
  if (texts.size < expressions.size || [...answered].some((id) => !expressions.has(id))) return null
  const before = new Map(document.expressions.map((record) => [record.id, record]))
  return [
    ...changes.filter(({ id }) => !emptied.has(id as Expression['id'])),
    ...[...emptied].flatMap((id) => {
      const record = before.get(id)
      return record ? expressionChange(record, null) : []
    }),
  ]
}

function set<I, T>(records: Map<I, T>, record: T | null, id: I): void {
  if (record === null) records.delete(id)
  else records.set(id, record)
}
