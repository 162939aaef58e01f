import { z } from 'zod'
import { applyChanges } from '../annotations/apply-changes.ts'
import { recordMerges } from '../annotations/follow-renames.ts'
import { AnnotationChange, type AnnotationDocument, type RevisionOrigin } from '../contracts/annotation.ts'
import type { BulkEditKind } from '../contracts/bulk-edit.ts'
import type { Transaction } from '../db/client.ts'
import { type DocumentPlan, NO_PLAN } from './document-plan.ts'
import { planEdit } from './plan.ts'
import { planUndo } from './plan-undo.ts'
import type { BulkEditFacts } from './touched-images.ts'

export interface EditOfImages extends BulkEditFacts {
  id: string
  /** What the revisions say of their cause; an undo has that of the edit which it takes back. */
  origin: RevisionOrigin
}

const ORIGINS: Record<Exclude<BulkEditKind, 'undo'>, RevisionOrigin> = {
  'rename-label': 'label',
  'merge-label': 'label',
  'delete-label': 'label',
  replace: 'replace',
  'rename-attribute': 'attribute',
  'rename-options': 'attribute',
  'clear-attribute': 'attribute',
}

export function originOf(kind: Exclude<BulkEditKind, 'undo'>): RevisionOrigin {
  return ORIGINS[kind]
}

/** What became of one image; null = it is left as it is, because a person has changed the same since. */
export async function editImage(
  tx: Transaction,
  edit: EditOfImages,
  imageId: string,
  document: AnnotationDocument,
): Promise<DocumentPlan | null> {
  const plan = await planOf(tx, edit, imageId, document)
  if (!plan || plan.changes.length === 0) return plan
  await applyChanges(tx, {
    imageId,
    // One a pair of edit and image: a worker that died after its transaction does not do it twice.
    operationId: `${edit.id}_${imageId}`.slice(0, 64),
    changes: plan.changes,
    authorId: edit.authorId,
    origin: edit.origin,
    bulkEditId: edit.id,
    document,
  })
  await recordMerges(tx, imageId, plan.merged)
  const back = plan.changes.filter(({ type, before }) => type === 'expression' && before === null)
  if (back.length > 0) {
    await tx.mergedExpression.deleteMany({ where: { id: { in: back.map(({ id }) => id) } } })
  }
  return plan
}

async function planOf(
  tx: Transaction,
  { payload, undoesId }: EditOfImages,
  imageId: string,
  document: AnnotationDocument,
): Promise<DocumentPlan | null> {
  if (payload.kind !== 'undo') return planEdit(document, payload)
  const done = await tx.revision.findFirst({
    where: { imageId, bulkEditId: undoesId },
    select: { changes: true },
  })
  if (!done) return NO_PLAN
  const changes = planUndo(document, z.array(AnnotationChange).parse(done.changes))
  return changes && { ...NO_PLAN, changes }
}
