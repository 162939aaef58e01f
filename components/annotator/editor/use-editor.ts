import { useSyncExternalStore } from 'react'
import type { Editor } from './editor.ts'
import type { EditorState } from './state.ts'

/**
 * Re-renders when the selected part changes. Select a field of the state: something computed anew on
 * every call would never be equal to itself.
 */
export function useEditor<T>(editor: Editor, select: (state: EditorState) => T): T {
  const read = () => select(editor.getState())
  return useSyncExternalStore(editor.subscribe, read, read)
}
