import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Editor } from '../editor/editor.ts'
import { screenPoint } from '../geometry/points.ts'
import { panBy, toImage, zoomAt } from '../geometry/viewport.ts'
import type { Pointer } from '../tools/gesture.ts'
import { Touches } from './touches.ts'

/** Zoom per wheel pixel: one notch of 100 px is a factor of about 1.2. */
const ZOOM_PER_PIXEL = 0.0018
/** A pinch on a trackpad comes as a wheel with Ctrl and far fewer pixels. */
const ZOOM_PER_PINCHED_PIXEL = 0.01
const MOST_PINCHED = 20
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
  // What the hand had begun on the image that is left.
  useEffect(
    () => () => {
      panning.current = false
      editor.handle({ type: 'cancel' })
      editor.leave()
    },
    [editor],
  )
  return useMemo(() => {
    const touches = new Touches()
    const screenOf = (event: React.PointerEvent<HTMLElement>) => {
      const bounds = event.currentTarget.getBoundingClientRect()
      return screenPoint(event.clientX - bounds.left, event.clientY - bounds.top)
    }
    const pointerOf = (event: React.PointerEvent<HTMLElement>): Pointer => {
      const screen = screenOf(event)
      return {
        screen,
        image: toImage(editor.getState().viewport, screen),
        shift: event.shiftKey,
        additive: event.shiftKey || event.ctrlKey || event.metaKey,
        alt: event.altKey,
        coarse: event.pointerType === 'touch',
        pan: panning.current,
      }
    }
    const isOnCanvas = (event: React.PointerEvent<HTMLElement>) =>
      event.target instanceof HTMLCanvasElement || event.target === event.currentTarget
    return {
      onPointerDown(event: React.PointerEvent<HTMLElement>) {
        if (event.button > MIDDLE_BUTTON || !isOnCanvas(event)) return
        // Keeps the middle button from starting the browser's own scrolling.
        event.preventDefault()
        event.currentTarget.focus({ preventScroll: true })
        event.currentTarget.setPointerCapture(event.pointerId)
        if (touches.press(event.pointerType, event.pointerId, screenOf(event), editor.getState().viewport)) {
          editor.handle({ type: 'cancel' })
        }
        if (!event.isPrimary || touches.isPinching) return
        panning.current =
          spaceHeld.current || event.button === MIDDLE_BUTTON || touches.isHand(event.pointerType)
        editor.setUnnamed(null)
        editor.setRelabelling(false)
        editor.handle({ type: 'press', pointer: pointerOf(event) })
      },
      onPointerMove(event: React.PointerEvent<HTMLElement>) {
        const pinched = touches.move(event.pointerId, screenOf(event))
        if (pinched) editor.setViewport(pinched)
        if (event.isPrimary && !touches.isPinching) {
          editor.handle({ type: 'move', pointer: pointerOf(event) })
        }
      },
      onPointerUp(event: React.PointerEvent<HTMLElement>) {
        const wasPinching = touches.isPinching
        touches.release(event.pointerId)
        if (!event.isPrimary || wasPinching) return
        editor.handle({ type: 'release', pointer: pointerOf(event) })
        panning.current = false
      },
      onPointerCancel(event: React.PointerEvent<HTMLElement>) {
        touches.release(event.pointerId)
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
      const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        editor.setViewport(panBy(viewport, -across * unit, 0))
        return
      }
      const bounds = element.getBoundingClientRect()
      const at = screenPoint(event.clientX - bounds.left, event.clientY - bounds.top)
      editor.setViewport(zoomAt(viewport, at, Math.exp(-zoomOf(event, unit))))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [editor, canvas])
}

/** A mouse with Ctrl held sends whole notches, which must not count as a wide pinch. */
function zoomOf(event: WheelEvent, unit: number): number {
  const pixels = event.deltaY * unit
  if (!event.ctrlKey) return pixels * ZOOM_PER_PIXEL
  return Math.max(-MOST_PINCHED, Math.min(MOST_PINCHED, pixels)) * ZOOM_PER_PINCHED_PIXEL
}
