'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import type { Size } from '../../server/grounding/coordinates.ts'
import { drawPane } from './draw-pane.ts'
import type { DrawnBox } from './drawn-boxes.ts'
import { usePaneGestures } from './use-pane-gestures.ts'
import { usePaneSize } from './use-pane-size.ts'
import { transformOf, type Viewport } from './viewport.ts'

export interface PaneProps {
  title: ReactNode
  /** At the right of the title. */
  badge?: ReactNode
  /** What a screen reader says instead of the drawing. */
  description: string
  image: HTMLImageElement | null
  imageSize: Size
  boxes: readonly DrawnBox[]
  viewport: Viewport
  onViewport: (change: (viewport: Viewport) => Viewport) => void
}

/** A picture with boxes. Wheel zooms, dragging moves, a double click shows the whole picture again. */
export function Pane(props: PaneProps) {
  const { title, badge, description, image, imageSize, boxes, viewport, onViewport } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const { size, ratio } = usePaneSize(canvas)
  usePaneGestures(canvas, imageSize, onViewport)

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || size.width === 0) return
    element.width = Math.round(size.width * ratio)
    element.height = Math.round(size.height * ratio)
    drawPane(context, { image, imageSize, boxes, ratio, transform: transformOf(viewport, imageSize, size) })
  }, [image, imageSize, boxes, viewport, size, ratio])

  return (
    <section className="flex min-h-0 min-w-0 flex-1 flex-col">
      <h2 className="flex h-8 shrink-0 items-center gap-2 px-3">
        <span className="min-w-0 flex-1 truncate font-medium">{title}</span>
        {badge}
      </h2>
      <div className="relative min-h-0 flex-1 overflow-hidden bg-sunken">
        <canvas
          ref={canvas}
          role="img"
          aria-label={description}
          className="absolute inset-0 size-full cursor-grab touch-none active:cursor-grabbing"
        />
      </div>
    </section>
  )
}
