'use client'

import { type RefObject, useEffect } from 'react'
import type { Size } from '../../server/grounding/coordinates.ts'
import { panned, type Viewport, WHOLE, zoomed } from './viewport.ts'

/** One notch of a mouse wheel is 100 or 120 units: about a fifth closer. Pinching sends small steps. */
const ZOOM_PER_UNIT = 0.0018
const LINE_UNITS = 16

/** Turns wheel, drag and double click on an element into changes of the shared view. */
export function usePaneGestures(
  element: RefObject<HTMLElement | null>,
  image: Size,
  onViewport: (change: (viewport: Viewport) => Viewport) => void,
): void {
  const { width, height } = image
  useEffect(() => {
    const target = element.current
    if (!target) return
    const size = { width, height }
    const pane = () => ({ width: target.clientWidth, height: target.clientHeight })
    let last: { x: number; y: number } | null = null

    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const units = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_UNITS : event.deltaY
      const at = { x: event.offsetX, y: event.offsetY }
      onViewport((viewport) => zoomed(viewport, Math.exp(-units * ZOOM_PER_UNIT), at, size, pane()))
    }
    const onDown = (event: PointerEvent) => {
      if (event.button > 1) return
      target.setPointerCapture(event.pointerId)
      last = { x: event.clientX, y: event.clientY }
    }
    const onMove = (event: PointerEvent) => {
      if (!last) return
      const by = { x: event.clientX - last.x, y: event.clientY - last.y }
      last = { x: event.clientX, y: event.clientY }
      onViewport((viewport) => panned(viewport, by, size, pane()))
    }
    const onEnd = () => {
      last = null
    }
    const onDoubleClick = () => onViewport(() => WHOLE)

    // React listens to wheel passively, and then the page would scroll along.
    target.addEventListener('wheel', onWheel, { passive: false })
    target.addEventListener('pointerdown', onDown)
    target.addEventListener('pointermove', onMove)
    target.addEventListener('pointerup', onEnd)
    target.addEventListener('pointercancel', onEnd)
    target.addEventListener('dblclick', onDoubleClick)
    return () => {
      target.removeEventListener('wheel', onWheel)
      target.removeEventListener('pointerdown', onDown)
      target.removeEventListener('pointermove', onMove)
      target.removeEventListener('pointerup', onEnd)
      target.removeEventListener('pointercancel', onEnd)
      target.removeEventListener('dblclick', onDoubleClick)
    }
  }, [element, width, height, onViewport])
}
