import { useFormatter } from 'next-intl'
import { useCallback } from 'react'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { useEditor } from '../editor/use-editor.ts'
import { paintSuggestions } from './paint-suggestions.ts'
import { PaintedLayer } from './painted-layer.tsx'
import { suggestionLooks } from './suggestion-looks.ts'

export interface SuggestionsLayerProps {
  editor: Editor
  colours: ReadonlyMap<string, string>
}

const needs = (state: EditorState) => [
  state.suggestions,
  state.focusedSuggestion,
  state.doc,
  state.guards,
  state.viewport,
  state.area,
  state.gesture.at === 'correcting' && state.gesture.rect,
]

/** What models propose, over the boxes that are annotated; an image without suggestions has no such layer. */
export function SuggestionsLayer({ editor, colours }: SuggestionsLayerProps) {
  const words = useChipWords()
  const hasAny = useEditor(editor, (state) => state.suggestions.length > 0)
  const paint = useCallback(
    (context: CanvasRenderingContext2D, state: EditorState) =>
      paintSuggestions(context, suggestionLooks(state, colours, words)),
    [colours, words],
  )
  return hasAny && <PaintedLayer editor={editor} needs={needs} paint={paint} />
}

/** "RefBox-Nano · 52%". */
export function useChipWords(): (model: string, score: number | null) => string {
  const format = useFormatter()
  return useCallback(
    (model, score) =>
      score === null
        ? model
        : `${model} · ${format.number(score, { style: 'percent', maximumFractionDigits: 0 })}`,
    [format],
  )
}
