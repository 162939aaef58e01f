import type { z } from 'zod'
import { type DeleteLabel, LabelFacts, type MergeLabel, type RenameLabel } from '../contracts/bulk-edit.ts'
import { LabelId } from '../contracts/ids.ts'
import type { Database, Transaction } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { renameInAttributes } from '../projects/attributes.ts'
import { requireLabel } from '../projects/labels.ts'
import { queueEdit } from './queue-edit.ts'

/** What was asked for: the edit that the worker does, and how many images it has to look at. */
export interface AskedEdit {
  /** Null = nothing on any image was to be changed. */
  editId: string | null
  images: number
}

/**
 * The class has its new name at once, its images follow. Who still uses the old name means the new one.
 * @throws StudioError NOT_FOUND, CONFLICT when another class has that name (merge them instead)
 */
export function renameLabel(
  db: Database,
  authorId: string,
  { projectId, labelId, name }: z.infer<typeof RenameLabel>,
): Promise<AskedEdit> {
  return write(db, async (tx) => {
    const label = await requireLabel(tx, projectId, labelId)
    if (label.name === name) return { editId: null, images: 0 }
    const other = await tx.label.findFirst({ where: { projectId, name }, select: { id: true } })
    if (other) {
      throw new StudioError('CONFLICT', {
        message: `There is a class “${name}” already. Merge “${label.name}” into it instead.`,
        details: { reason: 'labelExists', labelId: other.id },
      })
    }
    await tx.label.update({ where: { id: labelId }, data: { name } })
    await addAlias(tx, projectId, label.name, labelId, name)
    const spokeOf = await renameInAttributes(tx, projectId, label.name, name)
    return queueEdit(tx, {
      ...{ projectId, authorId, undoesId: null },
      payload: { kind: 'rename-label', labelId, from: label.name, to: name, spokeOf },
    })
  })
}

/**
 * One class becomes a part of another.
 * @throws StudioError NOT_FOUND, BAD_REQUEST when both are the same
 */
export function mergeLabel(
  db: Database,
  authorId: string,
  { projectId, labelId, intoId }: z.infer<typeof MergeLabel>,
): Promise<AskedEdit> {
  return write(db, (tx) => mergeInto(tx, authorId, { projectId, labelId, intoId, asDeletion: false }))
}

/**
 * Deletes a class; its boxes go to another one, or go with it.
 * @throws StudioError NOT_FOUND, WRONG_STATE while images use it and nothing is said of their boxes
 */
export function deleteLabel(
  db: Database,
  authorId: string,
  { projectId, labelId, boxes }: z.infer<typeof DeleteLabel>,
): Promise<AskedEdit> {
  return write(db, async (tx) => {
    if (boxes?.what === 'move') {
      return mergeInto(tx, authorId, { projectId, labelId, intoId: boxes.intoId, asDeletion: true })
    }
    const label = await requireLabel(tx, projectId, labelId)
    const images = await tx.image.count({
      where: { projectId, expressions: { some: { kind: 'class', text: label.name } } },
    })
    if (images > 0 && !boxes) {
      throw new StudioError('WRONG_STATE', {
        message: `“${label.name}” is used on ${images} images. Say whether its boxes go to another class or are deleted.`,
        details: { reason: 'labelInUse', images },
      })
    }
    await tx.label.delete({ where: { id: labelId } })
    const spokeOf = await renameInAttributes(tx, projectId, label.name, null)
    const payload = { kind: 'delete-label', label: LabelFacts.parse(label), spokeOf } as const
    return queueEdit(tx, { projectId, authorId, undoesId: null, payload })
  })
}

async function mergeInto(
  tx: Transaction,
  authorId: string,
  asked: z.infer<typeof MergeLabel> & { asDeletion: boolean },
): Promise<AskedEdit> {
  const { projectId, labelId, intoId, asDeletion } = asked
  const label = await requireLabel(tx, projectId, labelId)
  const into = await requireLabel(tx, projectId, intoId)
  if (label.id === into.id) {
    throw new StudioError('BAD_REQUEST', { message: 'Choose another class to merge this one into.' })
  }
  // What meant the one that goes means the one that stays.
  await tx.labelAlias.updateMany({ where: { projectId, labelId }, data: { labelId: intoId } })
  await tx.label.delete({ where: { id: labelId } })
  await addAlias(tx, projectId, label.name, intoId, into.name)
  const spokeOf = await renameInAttributes(tx, projectId, label.name, into.name)
  return queueEdit(tx, {
    ...{ projectId, authorId, undoesId: null },
    payload: {
      kind: 'merge-label',
      label: LabelFacts.parse(label),
      intoId: LabelId.parse(into.id),
      into: into.name,
      asDeletion,
      spokeOf,
    },
  })
}

export async function addAlias(
  tx: Transaction,
  projectId: string,
  from: string,
  labelId: string,
  name: string,
): Promise<void> {
  await tx.labelAlias.deleteMany({ where: { projectId, name: { in: [from, name] } } })
  await tx.labelAlias.create({ data: { projectId, name: from, labelId } })
}
