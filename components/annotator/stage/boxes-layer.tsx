import type Konva from 'konva'
import { useMemo } from 'react'
import { Layer, Shape } from 'react-konva'
import { applyChanges, type Change } from '../document/change.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { paintBoxes } from './paint-boxes.ts'
import { MAX_SELECTED_NODES, visibleBoxes } from './visible-boxes.ts'

const NOT_MOVING: readonly Change[] = []

/** All boxes that are not being edited, drawn by one shape: a node per box would not scale. */
export function BoxesLayer({ editor, colours }: { editor: Editor; colours: ReadonlyMap<string, string> }) {
  const records = useEditor(editor, (state) => state.doc)
  const preview = useEditor(editor, (state) => state.preview)
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  const selection = useEditor(editor, (state) => state.selection)
  const hovered = useEditor(editor, (state) => state.hovered)
  const active = useEditor(editor, (state) => state.active)
  const guards = useEditor(editor, (state) => state.guards)
  const view = useEditor(editor, (state) => state.view)

  // The few boxes under the hand are nodes of the layer above; a large selection moves in this one.
  const moving = selection.length > MAX_SELECTED_NODES ? preview : NOT_MOVING
  const doc = useMemo(() => applyChanges(records, moving), [records, moving])
  const paint = useMemo(() => {
    const boxes = visibleBoxes({ doc, viewport, area, selection, hovered, active, guards, view }, colours)
    return (context: Konva.Context) => paintBoxes(context._context, boxes)
  }, [doc, viewport, area, selection, hovered, active, guards, view, colours])

  return (
    <Layer listening={false}>
      <Shape sceneFunc={paint} listening={false} perfectDrawEnabled={false} />
    </Layer>
  )
}
