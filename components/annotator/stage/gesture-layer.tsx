import type Konva from 'konva'
import { Layer, Line, Rect, Shape } from 'react-konva'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { type Rect as Area, HANDLES, handlePlace, rectBetween } from '../geometry/rects.ts'
import { rectToScreen, toScreen } from '../geometry/viewport.ts'
import { paintBoxes } from './paint-boxes.ts'
import { MAX_SELECTED_NODES, paintedBox, shownBox } from './visible-boxes.ts'

/** CSS pixels of a side from which the handles of the edges have room between the corners. */
const EDGE_HANDLES_FROM = 36
const HANDLE_SIZE = 8
/** Handles, crosshair and marquee: on any picture, in both themes. */
const LIGHT = '#ffffff'
const DARK = '#1b1b1f'

/** What the hand is at: selected boxes with handles, the box being drawn, marquee and crosshair. */
export function GestureLayer({ editor, colours }: { editor: Editor; colours: ReadonlyMap<string, string> }) {
  const selection = useEditor(editor, (state) => state.selection)
  return (
    <Layer listening={false}>
      <Crosshair editor={editor} />
      {selection.length <= MAX_SELECTED_NODES &&
        selection.map((id) => (
          <SelectedBox key={id} id={id} editor={editor} colours={colours} alone={selection.length === 1} />
        ))}
      <Rubber editor={editor} colours={colours} />
    </Layer>
  )
}

interface SelectedBoxProps {
  id: BoxId
  editor: Editor
  colours: ReadonlyMap<string, string>
  alone: boolean
}

function SelectedBox({ id, editor, colours, alone }: SelectedBoxProps) {
  const doc = useEditor(editor, (state) => state.doc)
  const preview = useEditor(editor, (state) => state.preview)
  const viewport = useEditor(editor, (state) => state.viewport)
  const readOnly = useEditor(editor, (state) => state.readOnly)
  const box = shownBox(doc, preview, id)
  if (!box) return null
  const painted = {
    ...paintedBox(box, { doc, viewport, active: null }, colours),
    emphasis: 'selected',
  } as const
  const { rect } = painted
  return (
    <>
      <Shape
        sceneFunc={(context: Konva.Context) => paintBoxes(context._context, [painted])}
        listening={false}
        perfectDrawEnabled={false}
      />
      {alone && !readOnly && <Handles rect={rect} colour={painted.colour} />}
    </>
  )
}

function Handles({ rect, colour }: { rect: Area; colour: string }) {
  const shown = HANDLES.filter((handle) => {
    if (handle.length === 2) return true
    const side = handle === 'n' || handle === 's' ? rect.width : rect.height
    return side >= EDGE_HANDLES_FROM
  })
  return shown.map((handle) => {
    const [x, y] = handlePlace(handle)
    return (
      <Rect
        key={handle}
        x={rect.x + x * rect.width - HANDLE_SIZE / 2}
        y={rect.y + y * rect.height - HANDLE_SIZE / 2}
        width={HANDLE_SIZE}
        height={HANDLE_SIZE}
        fill={LIGHT}
        stroke={colour}
        strokeWidth={1.5}
        cornerRadius={1.5}
        listening={false}
        perfectDrawEnabled={false}
      />
    )
  })
}

/** The box being drawn, the one that waits for its name, or the marquee. */
function Rubber({ editor, colours }: { editor: Editor; colours: ReadonlyMap<string, string> }) {
  const gesture = useEditor(editor, (state) => state.gesture)
  const unnamed = useEditor(editor, (state) => state.unnamed)
  const viewport = useEditor(editor, (state) => state.viewport)
  const active = useEditor(editor, (state) => state.active)
  const { image } = editor.getState().doc
  const drawn =
    gesture.at === 'drawing' || gesture.at === 'selecting'
      ? rectBetween(gesture.origin, gesture.corner, image)
      : unnamed
  if (!drawn) return null
  const rect = rectToScreen(viewport, drawn)
  if (gesture.at === 'selecting') {
    return (
      <>
        <Rect {...rect} stroke={DARK} strokeWidth={1} listening={false} />
        <Rect
          {...rect}
          stroke={LIGHT}
          strokeWidth={1}
          dash={[4, 4]}
          fill="rgba(255, 255, 255, 0.12)"
          listening={false}
        />
      </>
    )
  }
  const colour = colours.get(active?.text ?? '') ?? LIGHT
  const painted = { rect, colour, label: '', emphasis: 'selected' } as const
  return (
    <Shape
      sceneFunc={(context: Konva.Context) => paintBoxes(context._context, [painted])}
      listening={false}
      perfectDrawEnabled={false}
    />
  )
}

/** Lines through the pointer while drawing: an edge can be lined up before the first press. */
function Crosshair({ editor }: { editor: Editor }) {
  const tool = useEditor(editor, (state) => state.tool)
  const pointer = useEditor(editor, (state) => state.pointer)
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  if (tool !== 'draw' || !pointer) return null
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
