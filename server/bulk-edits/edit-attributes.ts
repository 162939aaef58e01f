import type { z } from 'zod'
import {
  AttributeRule,
  type DeleteAttribute,
  type OrderAttributes,
  type SaveAttribute,
} from '../contracts/attribute.ts'
import { AttributeId } from '../contracts/ids.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { listAttributes } from '../projects/attributes.ts'
import type { AskedEdit } from './edit-labels.ts'
import { queueEdit } from './queue-edit.ts'

/**
 * Defines an attribute or changes its definition. Values of boxes are never lost by it: those that do not fit the
 * new definition are flagged, unless a rename takes them along.
 * @returns the edits that take the values along
 * @throws StudioError NOT_FOUND, CONFLICT (the name is taken), BAD_REQUEST (another kind: the values have a type)
 */
export function saveAttribute(
  db: Database,
  authorId: string,
  { projectId, id, name, rule, rewrite, renamedOptions }: SaveAttribute,
): Promise<{ id: string; edits: AskedEdit[] }> {
  return write(db, async (tx) => {
    const known = await listAttributes(tx, projectId)
    if (known.some((other) => other.name === name && other.id !== id)) {
      throw new StudioError('CONFLICT', {
        message: `There is an attribute “${name}” already. Choose another name.`,
        details: { reason: 'attributeExists' },
      })
    }
    if (id === null) {
      const last = await tx.attribute.aggregate({ where: { projectId }, _max: { position: true } })
      const position = (last._max.position ?? -1) + 1
      const made = await tx.attribute.create({ data: { id: newId('at'), projectId, name, position, rule } })
      return { id: made.id, edits: [] }
    }
    const before = known.find((attribute) => attribute.id === id)
    if (!before) throw new StudioError('NOT_FOUND', { message: 'This attribute is not there any more.' })
    if (before.rule.kind !== rule.kind) {
      throw new StudioError('BAD_REQUEST', {
        message: 'The kind of an attribute cannot change. Delete it and define another one.',
      })
    }
    await tx.attribute.update({ where: { id }, data: { name, rule: AttributeRule.parse(rule) } })
    const edits: AskedEdit[] = []
    const facts = { projectId, authorId, undoesId: null }
    if (rewrite && before.name !== name) {
      const payload = { kind: 'rename-attribute', id, from: before.name, to: name } as const
      edits.push(await queueEdit(tx, { ...facts, payload }))
    }
    const options = renamedOptions.filter(({ from, to }) => from !== to)
    if (rewrite && options.length > 0) {
      edits.push(await queueEdit(tx, { ...facts, payload: { kind: 'rename-options', id, name, options } }))
    }
    return { id, edits }
  })
}

/** @throws StudioError NOT_FOUND */
export function deleteAttribute(
  db: Database,
  authorId: string,
  { projectId, id, values }: DeleteAttribute,
): Promise<AskedEdit> {
  return write(db, async (tx) => {
    const row = await tx.attribute.findFirst({ where: { id, projectId } })
    if (!row) throw new StudioError('NOT_FOUND', { message: 'This attribute is not there any more.' })
    await tx.attribute.delete({ where: { id } })
    if (values === 'keep') return { editId: null, images: 0 }
    const attribute = { id: AttributeId.parse(id), name: row.name, rule: AttributeRule.parse(row.rule) }
    return queueEdit(tx, {
      ...{ projectId, authorId, undoesId: null },
      payload: { kind: 'clear-attribute', attribute, position: row.position },
    })
  })
}

export async function orderAttributes(
  db: Database,
  { projectId, ids }: z.infer<typeof OrderAttributes>,
): Promise<void> {
  await write(db, async (tx) => {
    for (const [position, id] of ids.entries()) {
      await tx.attribute.updateMany({ where: { id, projectId }, data: { position } })
    }
  })
}
