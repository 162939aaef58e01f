import type Konva from 'konva'
import { type RefObject, useCallback, useRef } from 'react'
import { Layer, Shape } from 'react-konva'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import type { Painter } from './frames.ts'
import { usePainter } from './use-painter.ts'

export interface PaintedLayerProps {
  editor: Editor
  needs: Painter['needs']
  /** Draws everything in CSS pixels of the canvas; the layer is empty before. */
  paint: (context: CanvasRenderingContext2D, state: EditorState) => void
  /** For what is no drawing: a filter of the whole layer. */
  layerRef?: RefObject<Konva.Layer | null>
}

/** A canvas of its own that is painted with the editor's frames: a node per thing on it would not scale. */
export function PaintedLayer({ editor, needs, paint, layerRef }: PaintedLayerProps) {
  const own = useRef<Konva.Layer>(null)
  const layer = layerRef ?? own
  // Never another function for Konva: it would draw everything once more by itself.
  const latest = useRef({ editor, paint })
  const paintScene = useCallback(
    (context: Konva.Context) => latest.current.paint(context._context, latest.current.editor.getState()),
    [],
  )
  const paintNow = useCallback(() => {
    latest.current = { editor, paint }
    // At once, since this is the frame: Konva's own batching would put it off to the next one.
    layer.current?.drawScene()
  }, [layer, editor, paint])
  usePainter(editor, needs, paintNow)
  return (
    <Layer ref={layer} listening={false}>
      <Shape sceneFunc={paintScene} listening={false} perfectDrawEnabled={false} />
    </Layer>
  )
}
