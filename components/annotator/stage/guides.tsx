import { Line } from 'react-konva'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { imagePoint } from '../geometry/points.ts'
import type { Guide } from '../geometry/snap.ts'
import { toScreen } from '../geometry/viewport.ts'
import { GUIDE } from './ink.ts'

/** Where the edges under the hand are lined up with others. */
export function Guides({ editor }: { editor: Editor }) {
  const guides = useEditor(editor, (state) => state.guides)
  const viewport = useEditor(editor, (state) => state.viewport)
  return guides.map((guide) => (
    <Line
      key={`${guide.axis} ${guide.at}`}
      points={endsOf(guide).flatMap((end) => [...toScreen(viewport, end)])}
      stroke={GUIDE}
      strokeWidth={1}
      listening={false}
      perfectDrawEnabled={false}
    />
  ))
}

function endsOf({ axis, at, from, to }: Guide) {
  return axis === 'x'
    ? [imagePoint(at, from), imagePoint(at, to)]
    : [imagePoint(from, at), imagePoint(to, at)]
}
