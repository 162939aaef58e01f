import { turned } from '../geometry/turn.ts'
import type { Viewport } from '../geometry/viewport.ts'

/**
 * Where edges between tiles are drawn, on a canvas that has been moved and turned as the viewport says: on whole
 * pixels of the screen. In between two tiles would each cover half of a pixel, and a line would shine through.
 */
export function edgesOnScreen(viewport: Viewport): {
  x: (edge: number) => number
  y: (edge: number) => number
} {
  const [cos, sin] = turned(viewport.turn, 1, 0)
  /** @param start where the picture's corner lies on the axis of the screen; @param direction 1 or -1 */
  const snap = (start: number, direction: number) => (edge: number) =>
    (Math.round(start + direction * edge * viewport.scale) - start) * direction
  return {
    x: cos === 0 ? snap(viewport.y, sin) : snap(viewport.x, cos),
    y: cos === 0 ? snap(viewport.x, -sin) : snap(viewport.y, cos),
  }
}
