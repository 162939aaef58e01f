import { CommentKind, type CommentPoint } from '../contracts/comment.ts'
import type { Database } from '../db/client.ts'

export interface CommentEntry {
  id: string
  /** Null when the account is gone. */
  author: { id: string; name: string } | null
  text: string
  createdAt: Date
}

export interface CommentThread {
  id: string
  kind: CommentKind
  point: CommentPoint | null
  resolvedAt: Date | null
  resolvedBy: string | null
  /** In the order of time; the first began it. */
  comments: [CommentEntry, ...CommentEntry[]]
}

/** All threads of an image in the order in which they were begun. */
export async function listThreads(db: Database, imageId: string): Promise<CommentThread[]> {
  const author = { select: { id: true, name: true } } as const
  const rows = await db.comment.findMany({
    where: { imageId, threadId: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      kind: true,
      x: true,
      y: true,
      text: true,
      createdAt: true,
      resolvedAt: true,
      author,
      resolvedBy: { select: { name: true } },
      answers: {
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        select: { id: true, text: true, createdAt: true, author },
      },
    },
  })
  return rows.map(({ id, kind, x, y, text, createdAt, author: by, resolvedAt, resolvedBy, answers }) => ({
    id,
    kind: CommentKind.parse(kind),
    point: x === null || y === null ? null : { x, y },
    resolvedAt,
    resolvedBy: resolvedBy?.name ?? null,
    comments: [{ id, author: by, text, createdAt }, ...answers],
  }))
}
