import type { AnnotationChange, Box, Expression } from '../contracts/annotation.ts'
import type { ExpressionId } from '../contracts/ids.ts'
import type { Transaction } from '../db/client.ts'

/**
 * Unsent work that names a class by a name it no longer has: the class was renamed or merged while somebody went on
 * annotating with the old list. Such an expression comes in under the new name, and under the existing record
 * where the image has one. A name that is a class again is that class.
 */
export async function followRenames(
  tx: Transaction,
  { projectId, imageId }: { projectId: string; imageId: string },
  changes: readonly AnnotationChange[],
): Promise<readonly AnnotationChange[]> {
  const named = changes.flatMap((change) =>
    change.type === 'expression' && isNewClass(change.before, change.after) && change.after
      ? [change.after.text]
      : [],
  )
  if (named.length === 0) return changes
  const aliases = await tx.labelAlias.findMany({
    where: { projectId, name: { in: named } },
    select: { name: true, label: { select: { name: true } } },
  })
  if (aliases.length === 0) return changes
  const newNames = new Map(aliases.map(({ name, label }) => [name, label.name]))
  const deleted = new Set(changes.filter(({ after }) => after === null).map(({ id }) => id))
  const there = await tx.expression.findMany({
    where: { imageId, text: { in: [...newNames.values()] } },
    select: { id: true, text: true },
  })
  const byText = new Map(
    there.filter(({ id }) => !deleted.has(id as ExpressionId)).map(({ id, text }) => [text, id]),
  )
  const into = new Map<ExpressionId, ExpressionId>()
  const followed = changes.flatMap((change): AnnotationChange[] => {
    if (change.type === 'box') return [change]
    const { id, before, after } = change
    const text = isNewClass(before, after) && after ? newNames.get(after.text) : undefined
    if (!after || text === undefined) return [change]
    const known = byText.get(text)
    if (known === undefined || known === id) {
      byText.set(text, id)
      return [{ ...change, after: { ...after, text } }]
    }
    // Two records on both sides of a rename: a person decides.
    if (before) return [change]
    into.set(id, known as ExpressionId)
    return []
  })
  if (into.size === 0) return followed
  // Batches that follow name the record that never came to be.
  await recordMerges(
    tx,
    imageId,
    [...into].map(([id, target]) => ({ id, into: target })),
  )
  return followed.map((change) => pointChange(change, into))
}

/** Remembers where work belongs that still names an expression which is gone. */
export async function recordMerges(
  tx: Transaction,
  imageId: string,
  merges: readonly { id: ExpressionId; into: ExpressionId }[],
): Promise<void> {
  for (const { id, into: intoId } of merges) {
    await tx.mergedExpression.upsert({ where: { id }, create: { id, intoId, imageId }, update: { intoId } })
  }
}

function isNewClass(before: Expression | null, after: Expression | null): boolean {
  return after?.kind === 'class' && (before === null || before.text !== after.text)
}

/** A box change whose boxes name the survivors instead of what became part of them. */
export function pointChange(
  change: AnnotationChange,
  into: ReadonlyMap<ExpressionId, ExpressionId>,
): AnnotationChange {
  if (change.type !== 'box') return change
  return { ...change, before: pointBox(change.before, into), after: pointBox(change.after, into) }
}

function pointBox(box: Box | null, into: ReadonlyMap<ExpressionId, ExpressionId>): Box | null {
  if (!box?.expressionIds.some((id) => into.has(id))) return box
  return { ...box, expressionIds: [...new Set(box.expressionIds.map((id) => into.get(id) ?? id))] }
}
