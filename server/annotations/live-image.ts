import type { AcceptedRevision, Presence } from '../contracts/annotation.ts'
import { ImageStatus } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { Bell } from '../jobs/bell.ts'
import { followers } from './followers.ts'
import { mergedExpressions } from './merged-expressions.ts'
import { revisionsAfter } from './revisions-after.ts'
import { watchRevisions } from './watch-revisions.ts'

export type LiveImageMessage =
  | {
      kind: 'revisions'
      revisions: AcceptedRevision[]
      status: ImageStatus
      /** Expressions that became part of another one: the old id leads to the new one. */
      merged: Record<string, string>
    }
  /** So much was missed that reading the image anew is less. */
  | { kind: 'tooMuch' }
  /** The other pages that show the image. */
  | { kind: 'present'; people: Presence[] }

/** Nothing wakes up a follower for longer than this: whether it may still look is asked again. */
const LONGEST_SLEEP_MS = 30_000

/**
 * What the page of an image follows: every revision from `after` on, and who else has it open. A restart of the
 * server breaks the stream, not the work: `position` is where to go on.
 * @param mayLook throws when the person may not any more
 */
export async function* liveImage(
  db: Database,
  { imageId, after, tab }: { imageId: string; after: number; tab: string },
  mayLook: () => Promise<unknown>,
  signal: AbortSignal,
): AsyncGenerator<{ position: number; message: LiveImageMessage }> {
  const bell = new Bell()
  const wake = () => bell.ring()
  signal.addEventListener('abort', wake)
  const leave = followers.follow(imageId, tab, bell)
  watchRevisions(db)
  let position = after
  let shown = ''
  try {
    while (!signal.aborted) {
      await mayLook()
      const people = followers.others(imageId, tab)
      const state = JSON.stringify(people)
      if (state !== shown) yield { position, message: { kind: 'present', people } }
      shown = state
      const head = await db.image.findUnique({
        where: { id: imageId },
        select: { revision: true, status: true },
      })
      if (!head) return
      if (head.revision > position) {
        const revisions = await revisionsAfter(db, imageId, position)
        position = revisions?.at(-1)?.number ?? head.revision
        const status = ImageStatus.parse(head.status)
        const merged = await mergedExpressions(db, imageId)
        yield {
          position,
          message: revisions ? { kind: 'revisions', revisions, status, merged } : { kind: 'tooMuch' },
        }
      } else {
        // In this order: what happened before a message went out must not be slept over.
        await bell.wait(LONGEST_SLEEP_MS)
      }
    }
  } finally {
    signal.removeEventListener('abort', wake)
    leave()
  }
}
