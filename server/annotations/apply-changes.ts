import type {
  AnnotationChange,
  AnnotationConflict,
  AnnotationDocument,
  Box,
  RevisionOrigin,
} from '../contracts/annotation.ts'
import type { ImageStatus } from '../contracts/image.ts'
import { statusAfterChange } from '../contracts/image-status.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { StudioError } from '../errors.ts'
import { adjustments, differingFromSent } from './adjustments.ts'
import { type Current, playBatch, relationConflicts, requireWellFormed } from './check-batch.ts'
import { followRenames } from './follow-renames.ts'
import { chunks, readBoxes, readExpressions } from './records.ts'
import { settleWithBulkEdits } from './settle-with-bulk-edits.ts'
import { upkeepLabels } from './upkeep-labels.ts'

export interface Batch {
  imageId: string
  /** Sending the same id again changes nothing. */
  operationId: string
  changes: readonly AnnotationChange[]
  authorId: string | null
  origin: RevisionOrigin
  /** The project-wide change that it is a part of. */
  bulkEditId?: string
  /** All records of the image, if the caller has read them in the same transaction: they are not read again. */
  document?: AnnotationDocument
}

export interface Applied {
  /** Number of the image's newest revision. */
  revision: number
  /** The revision that holds this batch, also when it came a second time; null = it changed nothing. */
  number: number | null
  status: ImageStatus
  /** Records that came out otherwise than they were sent; see `SavedAnnotations`. */
  adjusted: AnnotationChange[]
}

/**
 * The only way annotations change: plays a batch inside the caller's transaction, appends one
 * revision, keeps the project's label list. All of the batch or nothing.
 * @throws StudioError BAD_REQUEST (a record no image could have), NOT_FOUND (no such image),
 *   CONFLICT with `details: AnnotationConflict[]` (someone else changed the same records)
 */
export async function applyChanges(tx: Transaction, batch: Batch): Promise<Applied> {
  const image = await tx.image.findUnique({
    where: { id: batch.imageId },
    select: { projectId: true, width: true, height: true, status: true, revision: true },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
  const before: Applied = {
    revision: image.revision,
    number: null,
    status: image.status as ImageStatus,
    adjusted: [],
  }

  const known = await tx.revision.findUnique({
    where: { operationId: batch.operationId },
    select: { imageId: true, number: true },
  })
  if (known && known.imageId !== batch.imageId) {
    throw new StudioError('BAD_REQUEST', { message: 'This operation id belongs to another image.' })
  }
  if (known) {
    return { ...before, number: known.number, adjusted: await differingFromSent(tx, batch) }
  }

  requireWellFormed(batch.changes, image)
  // Only what a person made without knowing of a project-wide change is put on top of it.
  const isUnsent = batch.origin === 'editor' || batch.origin === 'prediction'
  let changes = isUnsent
    ? await followRenames(tx, { projectId: image.projectId, imageId: batch.imageId }, batch.changes)
    : batch.changes
  let outcome = await play(tx, batch, changes)
  if (outcome.conflicts.length > 0 && isUnsent) {
    const settled = await settleWithBulkEdits(tx, batch.imageId, changes)
    if (settled) {
      changes = settled
      outcome = await play(tx, batch, changes)
    }
  }
  const { conflicts, effective } = outcome
  if (conflicts.length > 0) throw conflictError(conflicts)
  before.adjusted = changes === batch.changes ? [] : adjustments(batch.changes, changes)
  if (effective.length === 0) return before

  await writeRecords(tx, batch.imageId, effective)
  await upkeepLabels(tx, image.projectId, effective)
  const revision = image.revision + 1
  // A class renamed by a manager over thousands of images is no work on each of them: no verdict is lost by it.
  const status = batch.bulkEditId === undefined ? statusAfterChange(before.status) : before.status
  await tx.image.update({ where: { id: batch.imageId }, data: { revision, status } })
  await tx.revision.create({
    data: {
      id: newId('rev'),
      imageId: batch.imageId,
      number: revision,
      authorId: batch.authorId,
      origin: batch.origin,
      operationId: batch.operationId,
      changes: effective,
      bulkEditId: batch.bulkEditId ?? null,
    },
  })
  return { revision, number: revision, status, adjusted: before.adjusted }
}

async function play(
  tx: Transaction,
  { imageId, document }: Pick<Batch, 'imageId' | 'document'>,
  changes: readonly AnnotationChange[],
) {
  const current = document ? currentOf(document) : await readCurrent(tx, imageId, changes)
  const { conflicts, effective } = playBatch(current, changes)
  // Relations are judged on records as the batch leaves them; with conflicts they would mislead.
  if (conflicts.length === 0 && effective.length > 0) {
    const referring = document ? [...current.boxes.values()] : await boxesToCheck(tx, current, effective)
    conflicts.push(...relationConflicts(current, referring, new Set(effective.map((change) => change.id))))
  }
  return { conflicts, effective }
}

function currentOf({ boxes, expressions }: AnnotationDocument): Current {
  return {
    boxes: new Map(boxes.map((box) => [box.id, box])),
    expressions: new Map(expressions.map((expression) => [expression.id, expression])),
  }
}

async function readCurrent(
  tx: Transaction,
  imageId: string,
  changes: readonly AnnotationChange[],
): Promise<Current> {
  const ids = (type: AnnotationChange['type']) => [
    ...new Set(changes.filter((change) => change.type === type).map((change) => change.id)),
  ]
  const boxes = await readBoxes(tx, ids('box'))
  const expressions = await readExpressions(tx, imageId, ids('expression'))
  if ([...boxes, ...expressions].some((found) => found.imageId !== imageId)) {
    throw new StudioError('BAD_REQUEST', {
      message: 'A record of this batch has an id that another image uses; reload the page.',
    })
  }
  return currentOf({
    boxes: boxes.map(({ box }) => box),
    expressions: expressions.map(({ expression }) => expression),
  })
}

/** Boxes written by the batch, and boxes elsewhere that answer an expression which it deletes. */
async function boxesToCheck(
  tx: Transaction,
  current: Current,
  changes: readonly AnnotationChange[],
): Promise<Box[]> {
  const deleted = changes.filter((change) => change.type === 'expression' && !change.after)
  const touched = new Set<string>(changes.map((change) => change.id))
  if (deleted.length === 0) return [...current.boxes.values()]
  const answers = await tx.expressionBox.findMany({
    where: { expressionId: { in: deleted.map((change) => change.id) } },
    select: { boxId: true },
  })
  const elsewhere = answers.map((answer) => answer.boxId).filter((id) => !touched.has(id))
  const others = await readBoxes(tx, [...new Set(elsewhere)])
  return [...current.boxes.values(), ...others.map(({ box }) => box)]
}

/**
 * Boxes are rewritten as whole rows, which costs two statements for any number of them; expressions
 * are few, and deleting one would take the answers of untouched boxes with it.
 */
async function writeRecords(
  tx: Transaction,
  imageId: string,
  changes: readonly AnnotationChange[],
): Promise<void> {
  const boxes = new Map<string, Box | null>()
  for (const change of changes) if (change.type === 'box') boxes.set(change.id, change.after)
  for (const ids of chunks([...boxes.keys()])) await tx.box.deleteMany({ where: { id: { in: ids } } })
  for (const change of changes) {
    if (change.type !== 'expression') continue
    const { id, after } = change
    if (!after) await tx.expression.delete({ where: { id } })
    else {
      const { kind, text, position } = after
      await tx.expression.upsert({
        where: { id },
        create: { id, imageId, kind, text, position },
        update: { kind, text, position },
      })
    }
  }
  const kept = [...boxes.values()].filter((box) => box !== null)
  if (kept.length === 0) return
  await tx.box.createMany({
    data: kept.map(({ expressionIds: _, ...box }) => ({ ...box, imageId })),
  })
  await tx.expressionBox.createMany({
    data: kept.flatMap((box) =>
      [...new Set(box.expressionIds)].map((expressionId) => ({ expressionId, boxId: box.id })),
    ),
  })
}

function conflictError(conflicts: AnnotationConflict[]): StudioError {
  return new StudioError('CONFLICT', {
    message: `${conflicts.length} record(s) were changed by someone else in the meantime.`,
    userMessage: 'Someone else changed the same boxes or expressions. Compare both and choose.',
    details: conflicts,
  })
}
