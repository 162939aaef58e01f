import type { AnnotationChange, Box, Expression } from '../../../server/contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../../../server/contracts/ids.ts'
import type { Doc } from './doc.ts'

/** One record before and after; null before = created, null after = deleted. */
export type Change = AnnotationChange

export function changeBox(before: Box | null, after: Box | null): Change {
  const id = before?.id ?? after?.id
  if (!id) throw new Error('A change needs a record before or after.')
  return { type: 'box', id, before, after }
}

export function changeExpression(before: Expression | null, after: Expression | null): Change {
  const id = before?.id ?? after?.id
  if (!id) throw new Error('A change needs a record before or after.')
  return { type: 'expression', id, before, after }
}

/** Sets every record to its `after`. */
export function applyChanges(doc: Doc, changes: readonly Change[]): Doc {
  if (changes.length === 0) return doc
  let expressions: Map<ExpressionId, Expression> | undefined
  let boxes: Map<BoxId, Box> | undefined
  for (const change of changes) {
    if (change.type === 'box') {
      boxes ??= new Map(doc.boxes)
      set(boxes, change.id, change.after)
    } else {
      expressions ??= new Map(doc.expressions)
      set(expressions, change.id, change.after)
    }
  }
  return { image: doc.image, expressions: expressions ?? doc.expressions, boxes: boxes ?? doc.boxes }
}

/** What takes the changes back, in the opposite order. */
export function invertChanges(changes: readonly Change[]): Change[] {
  return changes
    .map((change): Change => ({ ...change, before: change.after, after: change.before }) as Change)
    .reverse()
}

/** One change per record with the same effect; records that end as they began are left out. */
export function squashChanges(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>()
  for (const change of changes) {
    const earlier = last.get(change.id)
    const before = earlier ? earlier.before : change.before
    last.set(change.id, { ...change, before } as Change)
  }
  return [...last.values()].filter((change) => !sameRecord(change.before, change.after))
}

/** Equal as the server compares: whatever the order of keys, attributes and expression ids. */
export function sameRecord(a: Box | Expression | null, b: Box | Expression | null): boolean {
  return a === b || canonical(a) === canonical(b)
}

export function recordOf(doc: Doc, change: Pick<Change, 'type' | 'id'>): Box | Expression | null {
  if (change.type === 'box') return doc.boxes.get(change.id as BoxId) ?? null
  return doc.expressions.get(change.id as ExpressionId) ?? null
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'expressionIds' && Array.isArray(inner)) return [...new Set(inner)].sort()
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
  })
}

function set<K, V>(records: Map<K, V>, id: K, record: V | null): void {
  if (record === null) records.delete(id)
  else records.set(id, record)
}
