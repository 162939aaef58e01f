import type Konva from 'konva'
import { useMemo } from 'react'
import { Layer, Shape } from 'react-konva'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { isHidden } from '../document/guards.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { boundsOf, rectBetween } from '../geometry/rects.ts'
import { rectToScreen } from '../geometry/viewport.ts'
import { framedBoxes } from '../tools/frame.ts'
import { Crosshair } from './crosshair.tsx'
import { Guides } from './guides.tsx'
import { Handles } from './handles.tsx'
import { Marquee } from './marquee.tsx'
import { paintBoxes } from './paint-boxes.ts'
import { MAX_SELECTED_NODES, paintedBox, shownBox } from './visible-boxes.ts'

export interface GestureLayerProps {
  editor: Editor
  colours: ReadonlyMap<string, string>
}

/** What the hand is at: selected boxes with handles, the box being drawn, marquee, guides and crosshair. */
export function GestureLayer({ editor, colours }: GestureLayerProps) {
  const selection = useEditor(editor, (state) => state.selection)
  return (
    <Layer listening={false}>
      <Crosshair editor={editor} />
      {selection.length <= MAX_SELECTED_NODES &&
        selection.map((id) => <SelectedBox key={id} id={id} editor={editor} colours={colours} />)}
      <Frame editor={editor} />
      <Guides editor={editor} />
      <Rubber editor={editor} colours={colours} />
    </Layer>
  )
}

function SelectedBox({ id, editor, colours }: GestureLayerProps & { id: BoxId }) {
  const doc = useEditor(editor, (state) => state.doc)
  const preview = useEditor(editor, (state) => state.preview)
  const viewport = useEditor(editor, (state) => state.viewport)
  const guards = useEditor(editor, (state) => state.guards)
  const view = useEditor(editor, (state) => state.view)
  const box = shownBox(doc, preview, id)
  if (!box || isHidden(guards, doc, box)) return null
  const painted = {
    ...paintedBox(box, { doc, viewport, active: null, guards, view }, colours),
    emphasis: 'selected',
  } as const
  return (
    <Shape
      sceneFunc={(context: Konva.Context) => paintBoxes(context._context, [painted])}
      listening={false}
      perfectDrawEnabled={false}
    />
  )
}

/** Eight handles around everything that is selected. */
function Frame({ editor }: { editor: Editor }) {
  const doc = useEditor(editor, (state) => state.doc)
  const guards = useEditor(editor, (state) => state.guards)
  const selection = useEditor(editor, (state) => state.selection)
  const readOnly = useEditor(editor, (state) => state.readOnly)
  const preview = useEditor(editor, (state) => state.preview)
  const viewport = useEditor(editor, (state) => state.viewport)
  const frame = useMemo(() => {
    const moved = new Map(preview.map((change) => [change.id as string, change]))
    const boxes = framedBoxes({ doc, guards, selection, readOnly }).map((box) => {
      const change = moved.get(box.id)
      return change?.type === 'box' && change.after ? change.after : box
    })
    return boxes.length > 0 ? boundsOf(boxes) : null
  }, [doc, guards, selection, readOnly, preview])
  return frame && <Handles rect={rectToScreen(viewport, frame)} outlined={selection.length > 1} />
}

/** The box being drawn, the one that waits for its name, or the marquee. */
function Rubber({ editor, colours }: GestureLayerProps) {
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
  if (gesture.at === 'selecting') return <Marquee rect={rect} />
  const painted = {
    rect,
    colour: colours.get(active?.text ?? '') ?? '#ffffff',
    label: '',
    emphasis: 'selected',
  } as const
  return (
    <Shape
      sceneFunc={(context: Konva.Context) => paintBoxes(context._context, [painted])}
      listening={false}
      perfectDrawEnabled={false}
    />
  )
}
