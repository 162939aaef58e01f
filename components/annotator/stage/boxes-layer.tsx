import { useMemo } from 'react'
import { applyChanges, type Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { looksCache } from './looks.ts'
import { paintBoxes } from './paint-boxes.ts'
import { PaintedLayer } from './painted-layer.tsx'
import { MAX_SELECTED_NODES, visibleBoxes } from './visible-boxes.ts'

const NOT_MOVING: readonly Change[] = []

/** The few boxes under the hand are drawn by the layer above; a large selection moves in this one. */
const movingHere = ({ selection, preview }: EditorState) =>
  selection.length > MAX_SELECTED_NODES ? preview : NOT_MOVING

const needs = (state: EditorState) => [
  state.doc,
  movingHere(state),
  state.viewport,
  state.area,
  state.selection,
  state.hovered,
  state.active,
  state.guards,
  state.view,
]

/** All boxes that are not being edited. */
export function BoxesLayer({ editor, colours }: { editor: Editor; colours: ReadonlyMap<string, string> }) {
  const paint = useMemo(() => {
    const looksOf = looksCache()
    const shown = movedCache()
    return (context: CanvasRenderingContext2D, state: EditorState) => {
      const scene = { ...state, doc: shown(state.doc, movingHere(state)) }
      paintBoxes(context, visibleBoxes(scene, looksOf(scene, colours)))
    }
  }, [colours])
  return <PaintedLayer editor={editor} needs={needs} paint={paint} />
}

/** The document in the middle of a gesture; while one only pans or zooms it stays the same. */
function movedCache(): (doc: Doc, moving: readonly Change[]) => Doc {
  let last: { doc: Doc; moving: readonly Change[]; moved: Doc } | null = null
  return (doc, moving) => {
    if (last?.doc !== doc || last.moving !== moving) last = { doc, moving, moved: applyChanges(doc, moving) }
    return last.moved
  }
}
