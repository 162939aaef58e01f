import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Editor } from '../editor/editor.ts'
import { screenPoint } from '../geometry/points.ts'
import { panBy, toImage, zoomAt } from '../geometry/viewport.ts'
import type { Pointer } from '../tools/gesture.ts'

/** Zoom per wheel pixel: one notch of 100 px is a factor of about 1.2. */
const ZOOM_PER_PIXEL = 0.0018
/** Wheels that count lines (Firefox) move about this many pixels a line. */
const PIXELS_PER_LINE = 33
const MIDDLE_BUTTON = 1

/** Turns pointer and wheel events of the canvas into input of the editor. */
export function usePointer(
  editor: Editor,
  canvas: RefObject<HTMLElement | null>,
  spaceHeld: RefObject<boolean>,
) {
  useWheel(editor, canvas)
  const panning = useRef(false)
  return useMemo(() => {
    const pointerOf = (event: React.PointerEvent<HTMLElement>): Pointer => {
      const bounds = event.currentTarget.getBoundingClientRect()
      const screen = screenPoint(event.clientX - bounds.left, event.clientY - bounds.top)
      return {
        screen,
        image: toImage(editor.getState().viewport, screen),
        shift: event.shiftKey,
        pan: panning.current,
      }
    }
    const isOnCanvas = (event: React.PointerEvent<HTMLElement>) =>
      event.target instanceof HTMLCanvasElement || event.target === event.currentTarget
    return {
      onPointerDown(event: React.PointerEvent<HTMLElement>) {
        if (!event.isPrimary || event.button > MIDDLE_BUTTON || !isOnCanvas(event)) return
        // Keeps the middle button from starting the browser's own scrolling.
        event.preventDefault()
        panning.current = spaceHeld.current || event.button === MIDDLE_BUTTON
        event.currentTarget.focus({ preventScroll: true })
        event.currentTarget.setPointerCapture(event.pointerId)
        editor.setUnnamed(null)
        editor.handle({ type: 'press', pointer: pointerOf(event) })
      },
      onPointerMove(event: React.PointerEvent<HTMLElement>) {
        if (event.isPrimary) editor.handle({ type: 'move', pointer: pointerOf(event) })
      },
      onPointerUp(event: React.PointerEvent<HTMLElement>) {
        if (!event.isPrimary) return
        editor.handle({ type: 'release', pointer: pointerOf(event) })
        panning.current = false
      },
      onPointerCancel() {
        editor.handle({ type: 'cancel' })
        panning.current = false
      },
      onPointerLeave() {
        editor.leave()
      },
    }
  }, [editor, spaceHeld])
}

/** React listens to wheel events passively, which cannot keep the page from zooming. */
function useWheel(editor: Editor, canvas: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_PER_LINE : 1
      const { viewport } = editor.getState()
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        editor.setViewport(panBy(viewport, -event.deltaX * unit, 0))
        return
      }
      const bounds = element.getBoundingClientRect()
      const at = screenPoint(event.clientX - bounds.left, event.clientY - bounds.top)
      editor.setViewport(zoomAt(viewport, at, Math.exp(-event.deltaY * unit * ZOOM_PER_PIXEL)))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [editor, canvas])
}
