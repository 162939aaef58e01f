import type { z } from 'zod'
import { nextLabelColour } from '../contracts/label-colours.ts'
import type { SaveLabel } from '../contracts/project.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'

const LABEL_FIELDS = { id: true, name: true, colour: true, position: true } as const

export async function listLabels(db: Database, projectId: string) {
  return db.label.findMany({ where: { projectId }, orderBy: { position: 'asc' }, select: LABEL_FIELDS })
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
    return tx.label.create({
      data: { id: newId('lb'), projectId, name, colour: colour ?? next, position },
      select: LABEL_FIELDS,
    })
  })
}

/** @throws StudioError WRONG_STATE while images of the project still use it */
export async function deleteLabel(db: Database, projectId: string, labelId: string): Promise<void> {
  await write(db, async (tx) => {
    const label = await tx.label.findFirst({ where: { id: labelId, projectId }, select: { name: true } })
    if (!label) throw new StudioError('NOT_FOUND', { message: 'There is no such class in this project.' })
    const images = await tx.image.count({
      where: { projectId, expressions: { some: { kind: 'class', text: label.name } } },
    })
    if (images > 0) {
      throw new StudioError('WRONG_STATE', {
        message: `“${label.name}” is used on ${images} images. Give those boxes another class first.`,
        details: { reason: 'labelInUse', images },
      })
    }
    await tx.label.delete({ where: { id: labelId } })
  })
}
