import type { z } from 'zod'
import type { OrderLabels } from '../contracts/bulk-edit.ts'
import { nextLabelColour } from '../contracts/label-colours.ts'
import type { SaveLabel } from '../contracts/project.ts'
import type { Database, Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { tallyExpressions } from '../images/expression-tally.ts'

const LABEL_FIELDS = { id: true, name: true, colour: true, position: true } as const

export async function listLabels(db: Database, projectId: string) {
  return db.label.findMany({
    where: { projectId },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    select: LABEL_FIELDS,
  })
}

/** The label set with how much each class is used: what renaming, merging or deleting it would reach. */
export async function labelUsage(db: Database, projectId: string) {
  const [labels, counts] = await Promise.all([listLabels(db, projectId), tallyExpressions(db, projectId)])
  const used = new Map(counts.filter(({ kind }) => kind === 'class').map((count) => [count.text, count]))
  return labels.map((label) => ({
    ...label,
    images: used.get(label.name)?.images ?? 0,
    boxes: used.get(label.name)?.boxes ?? 0,
  }))
}

/** Makes a class of the label set, or gives the one of that name another colour. */
export async function saveLabel(db: Database, { projectId, name, colour }: z.infer<typeof SaveLabel>) {
  return write(db, async (tx) => {
    const labels = await tx.label.findMany({
      where: { projectId },
      orderBy: { position: 'asc' },
      select: LABEL_FIELDS,
    })
    const existing = labels.find((label) => label.name === name)
    if (existing) {
      if (!colour || colour === existing.colour) return existing
      return tx.label.update({ where: { id: existing.id }, data: { colour }, select: LABEL_FIELDS })
    }
    const position = (labels.at(-1)?.position ?? -1) + 1
    const next = nextLabelColour(labels.map((label) => label.colour))
    // A person wants a class of this name again: it does not stand for another one any more.
    await tx.labelAlias.deleteMany({ where: { projectId, name } })
    return tx.label.create({
      data: { id: newId('lb'), projectId, name, colour: colour ?? next, position },
      select: LABEL_FIELDS,
    })
  })
}

/** The classes in the order of the ids; those that are not named come after them as they were. */
export async function orderLabels(
  db: Database,
  { projectId, ids }: z.infer<typeof OrderLabels>,
): Promise<void> {
  await write(db, async (tx) => {
    const labels = await tx.label.findMany({
      where: { projectId },
      orderBy: [{ position: 'asc' }, { id: 'asc' }],
      select: LABEL_FIELDS,
    })
    const wanted = new Map<string, number>(ids.map((id, place) => [id, place]))
    const placeOf = (id: string) => wanted.get(id) ?? ids.length
    const ordered = labels.toSorted((a, b) => placeOf(a.id) - placeOf(b.id))
    for (const [position, label] of ordered.entries()) {
      if (label.position !== position) await tx.label.update({ where: { id: label.id }, data: { position } })
    }
  })
}

/** @throws StudioError NOT_FOUND */
export async function requireLabel(tx: Transaction, projectId: string, labelId: string) {
  const label = await tx.label.findFirst({ where: { id: labelId, projectId }, select: LABEL_FIELDS })
  if (!label) throw new StudioError('NOT_FOUND', { message: 'There is no such class in this project.' })
  return label
}
