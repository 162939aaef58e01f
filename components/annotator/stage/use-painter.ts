import { useLayoutEffect } from 'react'
import type { Editor } from '../editor/editor.ts'
import { framesOf, type Painter } from './frames.ts'

/**
 * Lets something be painted with the editor's frames as long as it is on the page. Both functions must stay the
 * same from render to render (`useCallback`); a new one is painted at once.
 */
export function usePainter(editor: Editor, needs: Painter['needs'], paint: Painter['paint']): void {
  useLayoutEffect(() => framesOf(editor).add({ needs, paint }), [editor, needs, paint])
}
