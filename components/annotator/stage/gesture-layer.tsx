import { useCallback } from 'react'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { hasSomething, paintHand, showsCrosshair } from './paint-hand.ts'
import { PaintedLayer } from './painted-layer.tsx'

export interface GestureLayerProps {
  editor: Editor
  colours: ReadonlyMap<string, string>
}

const NOTHING: readonly unknown[] = []

/** With empty hands there is nothing to draw anew while one pans: a canvas less to hand over in every frame. */
const needs = (state: EditorState) => (hasSomething(state) ? shown(state) : NOTHING)

const shown = (state: EditorState) => [
  state.doc,
  state.preview,
  state.guides,
  state.selection,
  state.guards,
  state.active,
  state.unnamed,
  state.readOnly,
  state.view,
  state.viewport,
  state.area,
  state.gesture,
  showsCrosshair(state) && state.pointer,
]

/** What the hand is at: redrawn with every move of the pointer, hence apart from the boxes at rest. */
export function GestureLayer({ editor, colours }: GestureLayerProps) {
  const paint = useCallback(
    (context: CanvasRenderingContext2D, state: EditorState) => paintHand(context, state, colours),
    [colours],
  )
  return <PaintedLayer editor={editor} needs={needs} paint={paint} />
}
