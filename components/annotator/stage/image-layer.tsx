import type Konva from 'konva'
import { useCallback, useEffect, useRef } from 'react'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { useEditor } from '../editor/use-editor.ts'
import { framesOf } from './frames.ts'
import { PaintedLayer } from './painted-layer.tsx'
import type { Picture } from './picture.ts'

/** From this scale on single pixels are worth seeing; below, smoothing looks better. */
const PIXELATED_FROM = 3

/** The picture, turned and lit as the person wants to see it. What is stored stays as it is. */
export function ImageLayer({ editor, picture }: { editor: Editor; picture: Picture | null }) {
  const { brightness, contrast } = useEditor(editor, (state) => state.view)
  const layer = useRef<Konva.Layer>(null)
  useEffect(() => {
    // A filter of the canvas element costs nothing while panning; Konva's own would go over every pixel.
    const canvas = layer.current?.getNativeCanvasElement()
    const filter = brightness === 1 && contrast === 1 ? '' : `brightness(${brightness}) contrast(${contrast})`
    if (canvas) canvas.style.filter = filter
  }, [brightness, contrast])
  useEffect(() => picture?.follow(framesOf(editor).request), [editor, picture])
  const needs = useCallback(
    ({ viewport, area }: EditorState) => [viewport, area, picture?.version],
    [picture],
  )
  const paint = useCallback(
    (context: CanvasRenderingContext2D, state: EditorState) => {
      context.imageSmoothingEnabled = state.viewport.scale < PIXELATED_FROM
      picture?.paint(context, state)
    },
    [picture],
  )
  return <PaintedLayer editor={editor} needs={needs} paint={paint} layerRef={layer} />
}
