import type { Prisma } from '../../prisma/generated/client.ts'
import { BulkEditPayload, BulkEditResult } from '../contracts/bulk-edit.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { type BulkEditFacts, countTouched } from './touched-images.ts'

/** Hands an edit to the worker; those of a project are done one after the other. */
export async function queueEdit(
  tx: Transaction,
  facts: BulkEditFacts,
): Promise<{ editId: string; images: number }> {
  const total = await countTouched(tx, facts)
  const { projectId, authorId, undoesId } = facts
  const payload: Prisma.InputJsonObject = BulkEditPayload.parse(facts.payload)
  const { id } = await tx.bulkEdit.create({
    data: {
      id: newId('be'),
      projectId,
      authorId,
      undoesId,
      payload,
      total,
      result: BulkEditResult.parse({}),
    },
    select: { id: true },
  })
  return { editId: id, images: total }
}
