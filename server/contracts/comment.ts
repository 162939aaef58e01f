import { z } from 'zod'
import { ImageId } from './ids.ts'

export const CommentId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .brand<'CommentId'>()
export type CommentId = z.infer<typeof CommentId>

export const CommentText = z.string().trim().min(1, 'comment.empty').max(4000, 'comment.tooLong')

/** `return`: why a reviewer gave the image back. */
export const CommentKind = z.enum(['remark', 'return'])
export type CommentKind = z.infer<typeof CommentKind>

/** Image pixels of the oriented original; where a thread is pinned. */
export const CommentPoint = z.object({ x: z.number().min(0), y: z.number().min(0) })
export type CommentPoint = z.infer<typeof CommentPoint>

export const ListComments = z.object({ imageId: ImageId })

/** Begins a thread, at a point or about the whole image. */
export const StartThread = z.object({
  imageId: ImageId,
  point: CommentPoint.nullable(),
  text: CommentText,
})

export const AnswerThread = z.object({ imageId: ImageId, threadId: CommentId, text: CommentText })
export const ResolveThread = z.object({ imageId: ImageId, threadId: CommentId, resolved: z.boolean() })
/** One's own words only. */
export const DeleteComment = z.object({ imageId: ImageId, commentId: CommentId })
