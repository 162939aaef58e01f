import { AttributeRule } from '../contracts/attribute.ts'
import { BulkEditPayload } from '../contracts/bulk-edit.ts'
import type { Database, Transaction } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { restoreInAttributes } from '../projects/attributes.ts'
import { type AskedEdit, addAlias } from './edit-labels.ts'
import { queueEdit } from './queue-edit.ts'

/**
 * Takes a whole edit back, also one that is still going on: what belongs to the project at once, the images by an
 * edit of their own. What somebody has changed since is left alone and listed.
 * @throws StudioError NOT_FOUND, WRONG_STATE when it was taken back already
 */
export function undoEdit(
  db: Database,
  authorId: string,
  { projectId, editId }: { projectId: string; editId: string },
): Promise<AskedEdit> {
  return write(db, async (tx) => {
    const row = await tx.bulkEdit.findFirst({
      where: { id: editId, projectId },
      select: { payload: true, status: true, undoneBy: { select: { id: true } } },
    })
    if (!row) throw new StudioError('NOT_FOUND', { message: 'There is no such change in this project.' })
    const payload = BulkEditPayload.parse(row.payload)
    if (row.undoneBy || payload.kind === 'undo') {
      throw new StudioError('WRONG_STATE', { message: 'This was taken back already.' })
    }
    await stop(tx, editId)
    await restoreProject(tx, projectId, payload)
    return queueEdit(tx, { projectId, authorId, undoesId: editId, payload: { kind: 'undo' } })
  })
}

/**
 * Ends an edit where it is; what is done stays, and can be undone.
 * @throws StudioError NOT_FOUND, WRONG_STATE when it is over
 */
export function stopEdit(
  db: Database,
  { projectId, editId }: { projectId: string; editId: string },
): Promise<void> {
  return write(db, async (tx) => {
    const known = await tx.bulkEdit.count({ where: { id: editId, projectId } })
    if (known === 0)
      throw new StudioError('NOT_FOUND', { message: 'There is no such change in this project.' })
    if (!(await stop(tx, editId))) {
      throw new StudioError('WRONG_STATE', { message: 'This change is over already.' })
    }
  })
}

async function stop(tx: Transaction, id: string): Promise<boolean> {
  const stopped = await tx.bulkEdit.updateMany({
    where: { id, status: { in: ['queued', 'running'] } },
    data: { status: 'stopped', claimedBy: null, endedAt: new Date() },
  })
  return stopped.count > 0
}

/** Label set and attribute definitions, wherever nobody has given them yet another state. */
async function restoreProject(tx: Transaction, projectId: string, payload: BulkEditPayload): Promise<void> {
  switch (payload.kind) {
    case 'rename-label':
      if (await renameBack(tx, projectId, payload.labelId, payload)) {
        await restoreInAttributes(tx, projectId, payload.spokeOf)
      }
      return
    case 'merge-label':
    case 'delete-label': {
      const { label, spokeOf } = payload
      await tx.labelAlias.deleteMany({ where: { projectId, name: label.name } })
      const taken = await tx.label.count({
        where: { OR: [{ projectId, name: label.name }, { id: label.id }] },
      })
      if (taken === 0) await tx.label.create({ data: { ...label, projectId } })
      await restoreInAttributes(tx, projectId, spokeOf)
      return
    }
    case 'replace':
      for (const label of payload.labels) await renameBack(tx, projectId, label.id, label)
      return
    case 'rename-attribute': {
      const taken = await tx.attribute.count({ where: { projectId, name: payload.from } })
      if (taken > 0) return
      await tx.attribute.updateMany({
        where: { id: payload.id, projectId, name: payload.to },
        data: { name: payload.from },
      })
      return
    }
    case 'rename-options':
      return renameOptionsBack(tx, projectId, payload)
    case 'clear-attribute': {
      const { id, name, rule } = payload.attribute
      const taken = await tx.attribute.count({ where: { OR: [{ projectId, name }, { id }] } })
      if (taken === 0) {
        await tx.attribute.create({ data: { id, projectId, name, rule, position: payload.position } })
      }
      return
    }
    case 'undo':
      return
  }
}

async function renameBack(
  tx: Transaction,
  projectId: string,
  labelId: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const taken = await tx.label.count({ where: { projectId, name: from } })
  if (taken > 0) return false
  const { count } = await tx.label.updateMany({
    where: { id: labelId, projectId, name: to },
    data: { name: from },
  })
  // Editors that have learnt the new name go on with it for a while.
  if (count > 0) await addAlias(tx, projectId, to, labelId, from)
  return count > 0
}

async function renameOptionsBack(
  tx: Transaction,
  projectId: string,
  { id, options }: Extract<BulkEditPayload, { kind: 'rename-options' }>,
): Promise<void> {
  const row = await tx.attribute.findFirst({ where: { id, projectId }, select: { rule: true } })
  const rule = row && AttributeRule.parse(row.rule)
  if (rule?.kind !== 'select') return
  const old = new Map(options.map(({ from, to }) => [to, from]))
  const back = (option: string) => old.get(option) ?? option
  const names = rule.options.map(back)
  if (new Set(names).size < names.length) return
  const changed = { ...rule, options: names, default: rule.default === null ? null : back(rule.default) }
  await tx.attribute.update({ where: { id }, data: { rule: changed } })
}
