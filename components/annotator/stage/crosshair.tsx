import { Line } from 'react-konva'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { toScreen } from '../geometry/viewport.ts'
import { DARK, LIGHT } from './ink.ts'

/** Lines through the pointer while drawing: an edge can be lined up before the first press. */
export function Crosshair({ editor }: { editor: Editor }) {
  const isOn = useEditor(editor, (state) => state.tool === 'draw' && state.view.crosshair)
  const pointer = useEditor(editor, (state) => state.pointer)
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  if (!isOn || !pointer) return null
  const [x, y] = toScreen(viewport, pointer)
  const lines = {
    across: [0, y, area.width, y],
    down: [x, 0, x, area.height],
  }
  return Object.entries(lines).flatMap(([name, points]) => [
    <Line
      key={`${name} dark`}
      points={points}
      stroke={DARK}
      opacity={0.6}
      strokeWidth={1}
      listening={false}
    />,
    <Line
      key={`${name} light`}
      points={points}
      stroke={LIGHT}
      strokeWidth={1}
      dash={[4, 4]}
      listening={false}
    />,
  ])
}
