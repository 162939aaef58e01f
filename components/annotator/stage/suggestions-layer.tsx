import type Konva from 'konva'
import { useFormatter } from 'next-intl'
import { useCallback, useMemo } from 'react'
import { Layer, Shape } from 'react-konva'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { paintSuggestions } from './paint-suggestions.ts'
import { suggestionLooks } from './suggestion-looks.ts'

export interface SuggestionsLayerProps {
  editor: Editor
  colours: ReadonlyMap<string, string>
}

/** What models propose, over the boxes that are annotated. */
export function SuggestionsLayer({ editor, colours }: SuggestionsLayerProps) {
  const words = useChipWords()
  const state = useEditor(editor, (all) => all)
  const looks = useMemo(() => suggestionLooks(state, colours, words), [state, colours, words])
  const paint = useCallback((context: Konva.Context) => paintSuggestions(context._context, looks), [looks])
  return (
    <Layer listening={false}>
      <Shape sceneFunc={paint} listening={false} perfectDrawEnabled={false} />
    </Layer>
  )
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
