import { useFormatter } from 'next-intl'
import { normaliseBox } from '../../../server/grounding/coordinates.ts'
import { cornersOf } from '../../../server/grounding/document.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { useEditor } from '../editor/use-editor.ts'
import { boundsOf, type Rect, rectBetween } from '../geometry/rects.ts'
import { rectToScreen } from '../geometry/viewport.ts'

/** Live size in pixels and the four integers of the training text, beside what is under the hand. */
export function MeasureChip({ editor }: { editor: Editor }) {
  const format = useFormatter()
  const gesture = useEditor(editor, (state) => state.gesture)
  const preview = useEditor(editor, (state) => state.preview)
  // Nothing to draw anew while one only looks around.
  const viewport = useEditor(editor, (state) => (isMeasured(state.gesture) ? state.viewport : null))
  const { doc, area } = editor.getState()
  const rect = measured(gesture, preview, doc)
  if (!rect || !viewport) return null
  const shown = rectToScreen(viewport, rect)
  const written = normaliseBox(cornersOf(rect), doc.image)
  const pixels = (value: number) => format.number(value, { maximumFractionDigits: 1, useGrouping: false })
  return (
    <output
      data-numeric
      className="pointer-events-none absolute top-0 left-0 rounded-md bg-black/80 px-1.5 py-0.5 text-white text-xs"
      style={{
        transform: `translate(${Math.max(4, Math.min(shown.x, area.width - 190))}px, ${Math.min(shown.y + shown.height + 6, area.height - 26)}px)`,
      }}
    >
      {pixels(rect.width)} × {pixels(rect.height)}
      <span className="ml-2 opacity-75">{written.ok ? `[${written.box.join(', ')}]` : '—'}</span>
    </output>
  )
}

function isMeasured({ at }: EditorState['gesture']): boolean {
  return at === 'drawing' || at === 'moving' || at === 'resizing' || at === 'correcting'
}

/** Of several boxes the frame around them. */
function measured(
  gesture: EditorState['gesture'],
  preview: EditorState['preview'],
  doc: EditorState['doc'],
): Rect | null {
  if (gesture.at === 'drawing') return rectBetween(gesture.origin, gesture.corner, doc.image)
  if (gesture.at === 'correcting') return gesture.rect
  if (!isMeasured(gesture)) return null
  const rects = preview.flatMap((change) => (change.type === 'box' && change.after ? change.after : []))
  return rects.length > 0 ? boundsOf(rects) : null
}
