import type { RouterOutputs } from '../../trpc/client.tsx'

export type RevisionEntry = RouterOutputs['annotations']['history'][number]

/** Autosave makes a revision a second; a longer silence than this begins another sitting. */
export const SITTING_GAP_MS = 10 * 60 * 1000

/** What one person did in one go: consecutive revisions of the same author and origin. */
export interface Sitting {
  author: RevisionEntry['author']
  origin: string
  /** Numbers of its first and last revision. */
  first: number
  last: number
  startedAt: Date
  endedAt: Date
  counts: RevisionEntry['counts']
  /** Newest first. */
  revisions: RevisionEntry[]
}

/** @param revisions newest first, as the server lists them; the sittings come in the same order */
export function sittingsOf(revisions: readonly RevisionEntry[]): Sitting[] {
  const sittings: Sitting[] = []
  for (const revision of revisions) {
    const current = sittings.at(-1)
    if (current && isSameSitting(current, revision)) {
      current.first = revision.number
      current.startedAt = revision.createdAt
      current.counts = sum(current.counts, revision.counts)
      current.revisions.push(revision)
    } else {
      const { author, origin, number, createdAt, counts } = revision
      sittings.push({
        author,
        origin,
        first: number,
        last: number,
        startedAt: createdAt,
        endedAt: createdAt,
        counts,
        revisions: [revision],
      })
    }
  }
  return sittings
}

function isSameSitting(later: Sitting, revision: RevisionEntry): boolean {
  return (
    later.author?.id === revision.author?.id &&
    later.origin === revision.origin &&
    later.startedAt.getTime() - revision.createdAt.getTime() <= SITTING_GAP_MS
  )
}

function sum(a: RevisionEntry['counts'], b: RevisionEntry['counts']): RevisionEntry['counts'] {
  return {
    created: a.created + b.created,
    changed: a.changed + b.changed,
    deleted: a.deleted + b.deleted,
  }
}
