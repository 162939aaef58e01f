import type { AnnotationChange, Box, Expression } from '../contracts/annotation.ts'
import { mergeRecords } from './merge-records.ts'

type Record = Box | Expression

/**
 * A change of a person on top of what changes over the whole project did to the same record, when those explain all
 * of the difference to what the person knew, and only field by field.
 * @param made the project-wide changes, oldest first
 * @param isSame whether two records are equal however they are spelled
 * @returns null when it stays a conflict
 */
export function settleRecord(
  { type, id, before, after }: AnnotationChange,
  theirs: Record | null,
  made: readonly AnnotationChange[],
  isSame: (a: Record | null, b: Record | null) => boolean,
): AnnotationChange | null {
  if (!before || !theirs) return null
  let at: Record | null = before
  for (const change of made) {
    if (change.id === id && isSame(change.before, at)) at = change.after
  }
  if (!isSame(at, theirs)) return null
  const merged = after === null ? null : mergeRecords<Record>(before, after, theirs)
  if (after !== null && merged === null) return null
  return { type, id, before: theirs, after: merged } as AnnotationChange
}
