import { z } from 'zod'
import { AnnotationChange, type Box, type Expression } from '../contracts/annotation.ts'
import type { ExpressionId } from '../contracts/ids.ts'
import type { Transaction } from '../db/client.ts'
import { settleRecord } from '../grounding/settle-record.ts'
import { pointChange } from './follow-renames.ts'
import { readDocument } from './read-document.ts'
import { sameRecord } from './records.ts'

type Record = Box | Expression

/** Merges of merges; a longer chain is a defect, and is left to the conflict. */
const LONGEST_CHAIN = 100

/**
 * Puts unsent work on top of what changes over the whole project did to the same records meanwhile. A record is
 * settled only when those explain all of the difference to what the sender knew, and only field by field: what
 * two people changed stays a conflict.
 * @returns null when there was no such change on this image
 */
export async function settleWithBulkEdits(
  tx: Transaction,
  imageId: string,
  changes: readonly AnnotationChange[],
): Promise<AnnotationChange[] | null> {
  const revisions = await tx.revision.findMany({
    where: { imageId, bulkEditId: { not: null } },
    orderBy: { number: 'asc' },
    select: { changes: true },
  })
  const merges = await tx.mergedExpression.findMany({
    where: { imageId },
    select: { id: true, intoId: true },
  })
  if (revisions.length === 0 && merges.length === 0) return null
  const document = await readDocument(tx, imageId)
  const now = new Map<string, Record>(
    [...document.expressions, ...document.boxes].map((record) => [record.id, record]),
  )
  const into = survivors(merges, now)
  const made = revisions.flatMap(({ changes: done }) => z.array(AnnotationChange).parse(done))
  return onePerRecord(changes).flatMap((sent): AnnotationChange[] => {
    const change = pointChange(sent, into)
    const theirs = now.get(change.id) ?? null
    if (sameRecord(theirs, change.after) || sameRecord(theirs, change.before)) return [change]
    // Its order or its kind only: the survivor has its own.
    if (change.type === 'expression' && into.has(change.id) && change.before?.text === change.after?.text)
      return []
    return [settleRecord(change, theirs, made, sameRecord) ?? change]
  })
}

/** Where work for an expression that is gone belongs; only those that lead to one that is there. */
function survivors(
  merges: readonly { id: string; intoId: string }[],
  now: ReadonlyMap<string, Record>,
): Map<ExpressionId, ExpressionId> {
  const next = new Map(merges.map(({ id, intoId }) => [id, intoId]))
  const found = new Map<ExpressionId, ExpressionId>()
  for (const { id } of merges) {
    if (now.has(id)) continue
    let target: string | undefined = id
    for (let step = 0; target !== undefined && !now.has(target) && step < LONGEST_CHAIN; step += 1) {
      target = next.get(target)
    }
    if (target !== undefined && now.has(target)) found.set(id as ExpressionId, target as ExpressionId)
  }
  return found
}

function onePerRecord(changes: readonly AnnotationChange[]): AnnotationChange[] {
  const last = new Map<string, AnnotationChange>()
  for (const change of changes) {
    const earlier = last.get(change.id)
    last.set(change.id, earlier ? ({ ...change, before: earlier.before } as AnnotationChange) : change)
  }
  return [...last.values()]
}
