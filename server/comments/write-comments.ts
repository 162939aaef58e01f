import type { z } from 'zod'
import type { AnswerThread, DeleteComment, ResolveThread, StartThread } from '../contracts/comment.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { StudioError } from '../errors.ts'
import { requirePointInside } from './point.ts'

export async function startThread(
  db: Database,
  authorId: string,
  { imageId, point, text }: z.infer<typeof StartThread>,
): Promise<{ id: string }> {
  const image = await db.image.findUniqueOrThrow({
    where: { id: imageId },
    select: { width: true, height: true },
  })
  requirePointInside(point, image)
  return db.comment.create({
    data: { id: newId('cm'), imageId, authorId, text, ...point },
    select: { id: true },
  })
}

export async function answerThread(
  db: Database,
  authorId: string,
  { imageId, threadId, text }: z.infer<typeof AnswerThread>,
): Promise<{ id: string }> {
  await requireThread(db, imageId, threadId)
  return db.comment.create({
    data: { id: newId('cm'), imageId, threadId, authorId, text },
    select: { id: true },
  })
}

/** Anybody who works here may say that a matter is settled, and open it again. */
export async function resolveThread(
  db: Database,
  by: string,
  { imageId, threadId, resolved }: z.infer<typeof ResolveThread>,
): Promise<void> {
  await requireThread(db, imageId, threadId)
  await db.comment.update({
    where: { id: threadId },
    data: resolved ? { resolvedAt: new Date(), resolvedById: by } : { resolvedAt: null, resolvedById: null },
  })
}

/** Takes back one's own words, with their thread if nobody else has answered. Why an image was returned stays, as a part of its history. */
export async function deleteComment(
  db: Database,
  by: string,
  { imageId, commentId }: z.infer<typeof DeleteComment>,
): Promise<void> {
  const comment = await db.comment.findFirst({
    where: { id: commentId, imageId },
    select: {
      authorId: true,
      kind: true,
      _count: { select: { answers: { where: { NOT: { authorId: by } } } } },
    },
  })
  if (!comment) throw missing()
  if (comment.authorId !== by) {
    throw new StudioError('FORBIDDEN', { message: 'Only who wrote a comment may delete it.' })
  }
  if (comment.kind === 'return' || comment._count.answers > 0) {
    throw new StudioError('WRONG_STATE', {
      message: 'Why an image was returned, and what others have answered, stays. Resolve the thread instead.',
    })
  }
  await db.comment.delete({ where: { id: commentId } })
}

async function requireThread(db: Database, imageId: string, threadId: string): Promise<void> {
  const thread = await db.comment.findFirst({
    where: { id: threadId, imageId, threadId: null },
    select: { id: true },
  })
  if (!thread) throw missing()
}

function missing(): StudioError {
  return new StudioError('NOT_FOUND', { message: 'This comment was deleted.' })
}
