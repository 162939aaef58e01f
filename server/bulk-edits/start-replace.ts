import { isDeepStrictEqual } from 'node:util'
import type { BulkEditPayload, StartReplace } from '../contracts/bulk-edit.ts'
import { LabelId } from '../contracts/ids.ts'
import type { Database, Transaction } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { type AskedEdit, addAlias } from './edit-labels.ts'
import { type FullLine, isEverything, replaceLines, totalsOf, wantedLines } from './preview-replace.ts'
import { queueEdit } from './queue-edit.ts'

/**
 * Does what the preview showed, without the lines that were unticked. The worker gets the lines themselves, not the
 * search: a text that nobody has seen in the preview is never changed.
 * @throws StudioError CONFLICT when it would be something else by now, BAD_REQUEST when nothing is left to do
 */
export async function startReplace(
  db: Database,
  authorId: string,
  { projectId, search, without, expected }: StartReplace,
): Promise<AskedEdit> {
  // Reads all expressions of the project, which nobody should have to wait for: not inside the transaction.
  const { lines } = await replaceLines(db, authorId, projectId, search)
  const chosen = wantedLines(lines, without)
  const totals = totalsOf(chosen)
  if (!isDeepStrictEqual(totals, { ...expected })) {
    throw new StudioError('CONFLICT', {
      message: 'Somebody has changed expressions since this preview. Look at the new one and apply it again.',
      details: { reason: 'previewChanged', totals },
    })
  }
  if (chosen.length === 0) throw new StudioError('BAD_REQUEST', { message: 'No line is chosen.' })
  return write(db, async (tx) => {
    const labels = await takeLabelsAlong(tx, projectId, search, chosen)
    const replacements = chosen.map(({ kind, from, to }) => ({ kind, from, to }))
    return queueEdit(tx, {
      ...{ projectId, authorId, undoesId: null },
      payload: { kind: 'replace', search, lines: replacements, labels },
    })
  })
}

/**
 * A class whose text is replaced all over the project is a class renamed: it keeps its place and its colour. Over
 * a part of the images the new text becomes a class of its own.
 */
async function takeLabelsAlong(
  tx: Transaction,
  projectId: string,
  { filter }: StartReplace['search'],
  chosen: readonly FullLine[],
): Promise<Extract<BulkEditPayload, { kind: 'replace' }>['labels']> {
  if (!isEverything(filter)) return []
  const taken: Extract<BulkEditPayload, { kind: 'replace' }>['labels'] = []
  for (const { kind, from, to, isLabel } of chosen) {
    const isOne = chosen.filter((line) => line.kind === 'class' && line.to === to).length === 1
    if (kind !== 'class' || isLabel || !isOne) continue
    const label = await tx.label.findFirst({ where: { projectId, name: from }, select: { id: true } })
    if (!label) continue
    await tx.label.update({ where: { id: label.id }, data: { name: to } })
    await addAlias(tx, projectId, from, label.id, to)
    taken.push({ id: LabelId.parse(label.id), from, to })
  }
  return taken
}
