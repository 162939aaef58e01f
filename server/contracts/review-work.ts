import { z } from 'zod'
import { CommentPoint, CommentText } from './comment.ts'
import { ImageId } from './ids.ts'

/** What the reviewer had before their eyes: a verdict on anything else would be none. */
const revision = z.number().int().min(0)

/** A reviewer's verdict on one image. Returning needs a reason, pinned to a point if there is one. */
export const JudgeImage = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('accepted'), imageId: ImageId, revision }),
  z.object({
    verdict: z.literal('returned'),
    imageId: ImageId,
    revision,
    comment: CommentText,
    point: CommentPoint.nullable().default(null),
  }),
])
export type JudgeImage = z.infer<typeof JudgeImage>
