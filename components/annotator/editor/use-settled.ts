import { useEffect } from 'react'
import type { Editor } from './editor.ts'
import type { EditorState } from './state.ts'
import { useStateOf } from './use-state-of.ts'

/** Boxes from which what hangs on all of them waits its turn. */
const MANY = 500
/** Milliseconds after which it waits no longer, however busy the page is. */
const LONGEST_WAIT = 400

/**
 * Some fields of the state, on an image of many boxes as they were a moment ago: what is worked out from all boxes
 * must not keep the image from opening, nor the box that was just drawn from appearing. On other images at once.
 * @param keys the same list at every render
 * @returns null = the image is just being opened
 */
export function useSettled<Key extends keyof EditorState>(
  editor: Editor,
  keys: readonly Key[],
): Pick<EditorState, Key> | null {
  const [shown, setShown] = useStateOf<EditorState | null>(editor, firstOf(editor.getState()))
  useEffect(() => {
    let latest = editor.getState()
    let cancel: (() => void) | null = null
    const show = () => {
      if (!isLarge(latest)) setShown(latest)
      else {
        cancel ??= whenIdle(() => {
          cancel = null
          setShown(latest)
        })
      }
    }
    const unsubscribe = editor.subscribe(() => {
      const now = editor.getState()
      if (keys.every((key) => Object.is(now[key], latest[key]))) return
      latest = now
      show()
    })
    show()
    return () => {
      unsubscribe()
      cancel?.()
    }
  }, [editor, keys, setShown])
  return shown
}

function firstOf(state: EditorState): EditorState | null {
  return isLarge(state) ? null : state
}

function isLarge({ doc }: EditorState): boolean {
  return doc.boxes.size > MANY
}

/** @returns takes it back */
function whenIdle(run: () => void): () => void {
  // Safari has no idle callbacks; there the next frame comes first at least.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, 50)
    return () => clearTimeout(timer)
  }
  const request = requestIdleCallback(run, { timeout: LONGEST_WAIT })
  return () => cancelIdleCallback(request)
}
