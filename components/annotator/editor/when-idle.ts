import type { EditorState } from './state.ts'

/** Boxes from which what hangs on all of them waits its turn. */
const MANY = 500
/** Milliseconds after which it waits no longer, however busy the page is. */
const LONGEST_WAIT = 400

/** What is worked out from all boxes must not keep the box that was just drawn from appearing. */
export function isLarge({ doc }: EditorState): boolean {
  return doc.boxes.size > MANY
}

/** @returns takes it back */
export function whenIdle(run: () => void): () => void {
  // Safari has no idle callbacks; there the next frame comes first at least.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, 50)
    return () => clearTimeout(timer)
  }
  const request = requestIdleCallback(run, { timeout: LONGEST_WAIT })
  return () => cancelIdleCallback(request)
}
