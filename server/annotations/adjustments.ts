import type { AnnotationChange, Box, Expression } from '../contracts/annotation.ts'
import type { Transaction } from '../db/client.ts'
import { readBoxes, readExpressions, sameRecord } from './records.ts'

/** How the settled records differ from those that were sent, for the sender to take over. */
export function adjustments(
  sent: readonly AnnotationChange[],
  settled: readonly AnnotationChange[],
): AnnotationChange[] {
  const after = new Map(settled.map((change) => [change.id, change.after]))
  return difference(sent, (id) => after.get(id as AnnotationChange['id']) ?? null)
}

/** The same for a batch that was applied before: against what is there now. */
export async function differingFromSent(
  tx: Transaction,
  { imageId, changes }: { imageId: string; changes: readonly AnnotationChange[] },
): Promise<AnnotationChange[]> {
  const idsOf = (type: AnnotationChange['type']) =>
    changes.filter((change) => change.type === type).map(({ id }) => id)
  const boxes = await readBoxes(tx, idsOf('box'))
  const expressions = await readExpressions(tx, imageId, idsOf('expression'))
  const now = new Map<string, Box | Expression>([
    ...boxes.map(({ box }) => [box.id, box] as const),
    ...expressions.map(({ expression }) => [expression.id, expression] as const),
  ])
  return difference(changes, (id) => now.get(id) ?? null)
}

function difference(
  sent: readonly AnnotationChange[],
  isNow: (id: string) => Box | Expression | null,
): AnnotationChange[] {
  const last = new Map(sent.map((change) => [change.id, change]))
  return [...last.values()].flatMap(({ type, id, after: before }) => {
    const after = isNow(id)
    return sameRecord(before, after) ? [] : [{ type, id, before, after } as AnnotationChange]
  })
}
