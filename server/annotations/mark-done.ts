import type { ImageStatus } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'

/**
 * The annotator's own verdict. Taking it back makes the image `in_work` again; what a reviewer has
 * accepted is the reviewer's to reopen.
 */
export function markDone(
  db: Database,
  input: { imageId: string; done: boolean },
): Promise<{ status: ImageStatus }> {
  return write(db, async (tx) => {
    const image = await tx.image.findUnique({ where: { id: input.imageId }, select: { status: true } })
    if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
    if (image.status === 'accepted') {
      if (input.done) return { status: 'accepted' }
      throw new StudioError('WRONG_STATE', {
        message: 'This image has been accepted in review. Ask a reviewer to return it.',
      })
    }
    const status = input.done ? 'done' : 'in_work'
    await tx.image.update({ where: { id: input.imageId }, data: { status } })
    return { status }
  })
}
