import type { SetNote } from '../contracts/annotation.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'

/**
 * Writes the note of an image, unless it is another one by now than the person saw: then nothing is
 * written and the answer holds what is there.
 */
export function setNote(
  db: Database,
  { imageId, before, after }: SetNote,
): Promise<{ saved: boolean; note: string }> {
  return write(db, async (tx) => {
    const image = await tx.image.findUnique({ where: { id: imageId }, select: { note: true } })
    if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
    // Sent twice after a lost answer: it is there already.
    if (image.note === after) return { saved: true, note: after }
    if (image.note !== before) return { saved: false, note: image.note }
    await tx.image.update({ where: { id: imageId }, data: { note: after } })
    return { saved: true, note: after }
  })
}
