import { ImageStatus } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { type Mover, moveStatus } from '../images/move-status.ts'

/**
 * The annotator's own verdict. Taking it back makes the image `in_work` again; what a reviewer has
 * accepted is a reviewer's to reopen.
 */
export function markDone(
  db: Database,
  by: Mover,
  input: { imageId: string; done: boolean },
): Promise<{ status: ImageStatus }> {
  return write(db, async (tx) => {
    const image = await tx.image.findUnique({ where: { id: input.imageId }, select: { status: true } })
    if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
    const status = ImageStatus.parse(image.status)
    const wanted = input.done ? 'done' : 'in_work'
    // Going on with Enter over what is accepted is not meant as taking the verdict back.
    if (status === wanted || (input.done && status === 'accepted')) return { status }
    const moved = await moveStatus(tx, { id: input.imageId }, wanted, by)
    if (moved.length > 0) return { status: wanted }
    throw new StudioError('WRONG_STATE', {
      message: 'This image has been accepted in review. Ask a reviewer to return it.',
    })
  })
}
