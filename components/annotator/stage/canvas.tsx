'use client'

import { useTranslations } from 'next-intl'
import { type RefObject, useEffect, useId, useLayoutEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { Stage } from 'react-konva'
import type { Size } from '../../../server/grounding/coordinates.ts'
import { Button } from '../../ui/button.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import type { Viewport } from '../geometry/viewport.ts'
import { useKeyNames } from '../keymap/use-keymap.ts'
import { BoxesLayer } from './boxes-layer.tsx'
import { cursorOf } from './cursor.ts'
import { GestureLayer } from './gesture-layer.tsx'
import { ImageLayer } from './image-layer.tsx'
import { MeasureChip } from './measure-chip.tsx'
import { Minimap } from './minimap.tsx'
import { Rulers } from './rulers.tsx'
import { SuggestionsLayer } from './suggestions-layer.tsx'
import { usePicture } from './use-picture.ts'
import { usePointer } from './use-pointer.ts'

export interface CanvasProps {
  editor: Editor
  imageUrl: string
  colours: ReadonlyMap<string, string>
  spaceHeld: boolean
  spaceRef: RefObject<boolean>
  canvasRef: RefObject<HTMLDivElement | null>
}

/** The picture with its boxes. It draws and passes the pointer on; what happens is the editor's. */
export function Canvas({ editor, imageUrl, colours, spaceHeld, spaceRef, canvasRef }: CanvasProps) {
  const t = useTranslations('annotator.canvas')
  const hintId = useId()
  const loaded = usePicture(imageUrl, editor.getState().doc.image)
  const count = useEditor(editor, (state) => state.doc.boxes.size)
  const hasRulers = useEditor(editor, (state) => state.view.rulers)
  const cursor = useEditor(editor, (state) => cursorOf(state, spaceHeld))
  const handlers = usePointer(editor, canvasRef, spaceRef)
  const area = useArea(editor, canvasRef)
  useViewportAttribute(editor, canvasRef)
  const key = useKeyNames()
  const hints = { draw: key('drawTool'), make: key('newBox'), next: key('nextBox'), resize: key('wider') }

  return (
    <div
      ref={canvasRef}
      role="application"
      aria-label={t('label', { count })}
      aria-describedby={hintId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes keys as soon as it has the focus
      tabIndex={0}
      data-boxes={count}
      className="absolute inset-0 touch-none select-none overflow-hidden bg-sunken focus-visible:outline-1 focus-visible:outline-offset-[-1px]"
      style={{ cursor }}
      {...handlers}
    >
      <p id={hintId} className="sr-only">
        {t('hint', hints)}
      </p>
      <Stage width={area.width} height={area.height} listening={false}>
        <ImageLayer editor={editor} picture={loaded.state === 'ready' ? loaded.picture : null} />
        <BoxesLayer editor={editor} colours={colours} />
        <SuggestionsLayer editor={editor} colours={colours} />
        <GestureLayer editor={editor} colours={colours} />
        {hasRulers && <Rulers editor={editor} />}
      </Stage>
      <MeasureChip editor={editor} />
      {loaded.state === 'ready' && (
        <Minimap key={imageUrl} editor={editor} picture={loaded.picture.whole} colours={colours} />
      )}
      {loaded.state === 'loading' && (
        <p className="pointer-events-none absolute inset-0 flex items-center justify-center gap-2 text-muted">
          <Spinner /> {t('loading')}
        </p>
      )}
      {loaded.state === 'failed' && (
        <div
          role="alert"
          className="absolute inset-0 flex flex-col items-center justify-center gap-3 text-muted"
        >
          {t('failed')}
          <Button onClick={loaded.retry}>{t('retry')}</Button>
        </div>
      )}
    </div>
  )
}

/** What is in sight, for whoever looks at the page from outside; React has nothing to do with it. */
function useViewportAttribute(editor: Editor, canvas: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let shown: Viewport | null = null
    const show = () => {
      const { viewport } = editor.getState()
      if (viewport === shown) return
      shown = viewport
      const { scale, x, y, turn } = viewport
      canvas.current?.setAttribute('data-viewport', `${scale} ${x} ${y} ${turn}`)
    }
    show()
    return editor.subscribe(show)
  }, [editor, canvas])
}

/** Keeps the editor informed of the room there is, another image's as soon as it is shown. */
function useArea(editor: Editor, canvas: RefObject<HTMLElement | null>): Size {
  const [area, setArea] = useState<Size>({ width: 0, height: 0 })
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element
      if (width === 0 || height === 0) return
      // In the very frame in which the room has changed.
      flushSync(() =>
        setArea((known) => (known.width === width && known.height === height ? known : { width, height })),
      )
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [canvas])
  useLayoutEffect(() => {
    if (area.width > 0) editor.setArea(area)
  }, [editor, area])
  return area
}
