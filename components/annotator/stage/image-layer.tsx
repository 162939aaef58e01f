import type Konva from 'konva'
import { useEffect, useRef } from 'react'
import { Image, Layer } from 'react-konva'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'

/** From this scale on single pixels are worth seeing; below, smoothing looks better. */
const PIXELATED_FROM = 3

/** The picture, turned and lit as the person wants to see it. What is stored stays as it is. */
export function ImageLayer({ editor, picture }: { editor: Editor; picture: HTMLImageElement | null }) {
  const viewport = useEditor(editor, (state) => state.viewport)
  const { brightness, contrast } = useEditor(editor, (state) => state.view)
  const { image } = editor.getState().doc
  const layer = useRef<Konva.Layer>(null)
  useEffect(() => {
    // A filter of the canvas element costs nothing while panning; Konva's own would go over every pixel.
    const canvas = layer.current?.getNativeCanvasElement()
    const filter = brightness === 1 && contrast === 1 ? '' : `brightness(${brightness}) contrast(${contrast})`
    if (canvas) canvas.style.filter = filter
  }, [brightness, contrast])
  return (
    <Layer ref={layer} listening={false} imageSmoothingEnabled={viewport.scale < PIXELATED_FROM}>
      {picture && (
        <Image
          image={picture}
          x={viewport.x}
          y={viewport.y}
          rotation={viewport.turn * 90}
          width={image.width * viewport.scale}
          height={image.height * viewport.scale}
          listening={false}
        />
      )}
    </Layer>
  )
}
