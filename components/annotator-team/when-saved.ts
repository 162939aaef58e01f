import type { Session } from '../annotator/sync/session.ts'

/**
 * Sends what is waiting and resolves once the server has it.
 * @returns false when it will not get there by waiting: offline, or a question is open
 */
export function whenSaved(session: Session): Promise<boolean> {
  session.flush()
  return new Promise((resolve) => {
    const settle = (): boolean => {
      const { at } = session.getState().sync
      if (at === 'waiting' || at === 'saving') return false
      resolve(at === 'saved')
      return true
    }
    if (settle()) return
    const stop = session.subscribe(() => {
      if (settle()) stop()
    })
  })
}
