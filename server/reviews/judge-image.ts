import { requirePointInside } from '../comments/point.ts'
import { type ImageStatus, ImageStatus as StatusContract } from '../contracts/image.ts'
import type { JudgeImage } from '../contracts/review-work.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { type Mover, moveStatus } from '../images/move-status.ts'

/**
 * A reviewer's verdict. It is about what the reviewer saw: when somebody has changed the image since, nothing
 * is judged. Returning begins a thread with the reason; returning again adds another.
 * @throws StudioError CONFLICT (changed since it was looked at), WRONG_STATE (nothing there to judge)
 */
export function judgeImage(db: Database, by: Mover, input: JudgeImage): Promise<{ status: ImageStatus }> {
  return write(db, async (tx) => {
    const image = await tx.image.findUnique({
      where: { id: input.imageId },
      select: { status: true, revision: true, width: true, height: true },
    })
    if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
    if (image.revision !== input.revision) {
      throw new StudioError('CONFLICT', {
        message: 'This image has been changed since you opened it. Look again, then judge.',
        details: [],
      })
    }
    const status = StatusContract.parse(image.status)
    const { verdict } = input
    if (status !== verdict) {
      const moved = await moveStatus(tx, { id: input.imageId }, verdict, by)
      if (moved.length === 0) {
        throw new StudioError('WRONG_STATE', {
          message: 'Nobody has begun with this image, so there is nothing to return. Assign it instead.',
        })
      }
    }
    if (verdict === 'returned') {
      const { comment: text, point, imageId } = input
      requirePointInside(point, image)
      await tx.comment.create({
        data: { id: newId('cm'), imageId, authorId: by.id, kind: 'return', text, ...point },
      })
    }
    return { status: verdict }
  })
}
