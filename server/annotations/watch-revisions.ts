import type { Database } from '../db/client.ts'
import { processWide } from '../process-wide.ts'
import { followers } from './followers.ts'

/** How often the database is asked what other processes wrote; one question for all images that are followed. */
const LOOK_EVERY_MS = 2_000

const watch = processWide<{ timer: NodeJS.Timeout | null; revisions: Map<string, number> }>(
  'revision-watch',
  () => ({ timer: null, revisions: new Map() }),
)

/**
 * Saves of this process ring by themselves; what the worker and the command line write is found by looking.
 * Looks as long as somebody follows an image, and takes out pages that are gone on the way.
 */
export function watchRevisions(db: Database): void {
  watch.timer ??= setInterval(() => {
    followers.sweep()
    void look(db).catch(() => {
      // A database that cannot be read for a moment is asked again.
    })
  }, LOOK_EVERY_MS).unref()
}

async function look(db: Database): Promise<void> {
  const ids = followers.followed
  if (ids.length === 0) {
    if (watch.timer) clearInterval(watch.timer)
    watch.timer = null
    watch.revisions.clear()
    return
  }
  const rows = await db.image.findMany({ where: { id: { in: ids } }, select: { id: true, revision: true } })
  for (const { id, revision } of rows) {
    if (watch.revisions.get(id) !== revision) followers.ring(id)
    watch.revisions.set(id, revision)
  }
}
