import { type RefObject, useLayoutEffect } from 'react'
import type { Editor } from '../editor/editor.ts'

/** Another image's list is read from its beginning. */
export function useFromTop(list: RefObject<HTMLElement | null>, editor: Editor): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is the image that the list speaks of
  useLayoutEffect(() => {
    list.current?.scrollTo({ top: 0 })
  }, [list, editor])
}
