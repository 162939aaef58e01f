import type { Entry } from '../annotator/document/edit.ts'
import type { Session } from '../annotator/sync/session.ts'

/** Images whose undo history stays at hand when one goes back to them. */
const KEPT = 12

const sessions = new Map<string, Session>()
let lastActive: Entry | null = null

export function sessionKey(userId: string, imageId: string): string {
  return `${userId}/${imageId}`
}

/** The session of an image that was worked on not long ago. */
export function openSession(key: string): Session | undefined {
  return sessions.get(key)
}

/**
 * Sessions outlive the component that shows them: autosave of the image before goes on while the next
 * one is on screen, and coming back finds its undo history.
 */
export function sessionFor(key: string, make: (active: Entry | null) => Session): Session {
  const known = sessions.get(key)
  const session = known ?? make(lastActive)
  sessions.delete(key)
  sessions.set(key, session)
  for (const [other, { getState }] of sessions) {
    if (sessions.size <= KEPT) break
    if (other !== key && getState().sync.at === 'saved') sessions.delete(other)
  }
  return session
}

/** A class goes on to the next image; a phrase speaks of this one only. */
export function rememberActive(active: Entry | null): void {
  if (active?.kind === 'class') lastActive = active
}

/** All that is not on the server goes there now. */
export function flushSessions(): void {
  for (const session of sessions.values()) session.flush()
}
