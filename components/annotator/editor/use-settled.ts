import { useEffect } from 'react'
import type { Editor } from './editor.ts'
import type { EditorState } from './state.ts'
import { useStateOf } from './use-state-of.ts'
import { isLarge, whenIdle } from './when-idle.ts'

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
