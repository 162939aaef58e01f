import { createStore, del, entries, set, type UseStore, update } from 'idb-keyval'
import { randomId } from '../document/new-id.ts'
import type { Pending } from './pump.ts'

/** Where unsaved work of one image lies while the server does not have it. */
export interface PendingStore {
  /** Takes over what tabs that are gone have left behind; oldest first. */
  claim: () => Promise<Pending[]>
  /** @throws when the browser refuses to store (private window, disk full) */
  keep: (pending: Pending | null) => Promise<void>
}

interface Kept {
  pending: Pending
  /** Milliseconds since 1970. */
  at: number
}

/** One name a page load: a duplicated tab would copy anything that is stored. */
export const TAB = randomId()
/** Without the Web Locks API (plain http) a tab counts as gone when it has not written for this long. */
const SILENT_MS = 60_000

let database: UseStore | undefined

/**
 * IndexedDB, one entry a person, image and tab: two tabs on one image never overwrite each other.
 * @param owner id of the person, since another one may sign in at the same browser
 */
export function browserPendingStore(owner: string, imageId: string): PendingStore {
  database ??= createStore('refbox-annotator', 'pending')
  const store = database
  const prefix = `${owner}/${imageId}/`
  const own = `${prefix}${TAB}`
  const alive = holdTab()
  return {
    async claim() {
      await alive
      const all = await entries<string, Kept>(store)
      const isGone = await goneTabs()
      const left = all
        .filter(([key, kept]) => key.startsWith(prefix) && key !== own && isGone(key, kept))
        .sort(([, a], [, b]) => a.at - b.at)
      if (left.length === 0) return []
      // Ours must be written before theirs is deleted: a crash in between only sends twice.
      const pendings = left.map(([, kept]) => kept.pending)
      await update<Kept>(
        own,
        // What was made here in the meantime is there already.
        (kept) => ({ pending: joinPendings(kept ? [...pendings, kept.pending] : pendings), at: Date.now() }),
        store,
      )
      await Promise.all(left.map(([key]) => del(key, store)))
      return pendings
    },
    async keep(pending) {
      if (pending) await set(own, { pending, at: Date.now() } satisfies Kept, store)
      else await del(own, store)
    },
  }
}

/** Several tabs' work as one queue. What was never sent is sent under an id of its own first. */
export function joinPendings(pendings: readonly Pending[]): Pending {
  const sent = pendings.flatMap(({ sent: batches, waiting }) =>
    waiting.length > 0 ? [...batches, { operationId: randomId(), changes: waiting }] : batches,
  )
  const revisions = pendings.flatMap(({ revision }) => revision ?? [])
  return {
    sent,
    waiting: [],
    revision: revisions.length > 0 ? Math.min(...revisions) : undefined,
    expressions: pendings.flatMap(({ expressions = [] }) => expressions),
  }
}

const lockName = (tab: string) => `refbox-tab-${tab}`

let holding: Promise<void> | undefined

/** Holds a lock as long as this page lives; the browser lets go of it however the page ends. */
function holdTab(): Promise<void> {
  holding ??= new Promise((held) => {
    if (!('locks' in navigator)) return held()
    void navigator.locks.request(lockName(TAB), () => {
      held()
      return new Promise<never>(() => undefined)
    })
  })
  return holding
}

async function goneTabs(): Promise<(key: string, kept: Kept) => boolean> {
  if (!('locks' in navigator)) return (_, kept) => Date.now() - kept.at > SILENT_MS
  const { held = [] } = await navigator.locks.query()
  const living = new Set(held.map((lock) => lock.name))
  return (key) => !living.has(lockName(key.slice(key.lastIndexOf('/') + 1)))
}
