import { boxProblem, type Corners, type Size } from '../../../server/grounding/coordinates.ts'
import { cornersOf } from '../../../server/grounding/document.ts'
import type { ImagePoint } from './points.ts'

/** Image pixels unless a name says otherwise. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
export type Handle = (typeof HANDLES)[number]

/** Stored coordinates keep two decimals: a hundredth of a pixel is below anything one can point at. */
const PRECISION = 100

export function rectOf({ x, y, width, height }: Rect): Rect {
  return { x, y, width, height }
}

/** The rectangle between two points, whichever way it was drawn, cut at the border of the image. */
export function rectBetween(a: ImagePoint, b: ImagePoint, image: Size): Rect {
  const x = [clamp(a[0], image.width), clamp(b[0], image.width)] as const
  const y = [clamp(a[1], image.height), clamp(b[1], image.height)] as const
  return fromEdges([Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)])
}

/** Cuts a rectangle at the border of the image. */
export function cropRect(rect: Rect, image: Size): Rect {
  const [x1, y1, x2, y2] = cornersOf(rect)
  return fromEdges([
    clamp(x1, image.width),
    clamp(y1, image.height),
    clamp(x2, image.width),
    clamp(y2, image.height),
  ])
}

/** Moves all of them by one step that keeps every one inside the image, so that their arrangement stays. */
export function moveRects(rects: readonly Rect[], dx: number, dy: number, image: Size): Rect[] {
  const step = (delta: number, low: number, high: number) => Math.min(high, Math.max(low, delta))
  const x = step(
    dx,
    Math.max(...rects.map((rect) => -rect.x)),
    Math.min(...rects.map((rect) => image.width - rect.x - rect.width)),
  )
  const y = step(
    dy,
    Math.max(...rects.map((rect) => -rect.y)),
    Math.min(...rects.map((rect) => image.height - rect.y - rect.height)),
  )
  return rects.map((rect) => inside({ ...rect, x: round(rect.x + x), y: round(rect.y + y) }, image))
}

/**
 * Drags the edges of one handle by (dx, dy). Dragging across the opposite edge turns the rectangle
 * over; the border of the image stops it.
 * @param keepAspect corner handles keep width : height, anchored at the opposite corner
 */
export function resizeRect(
  rect: Rect,
  handle: Handle,
  dx: number,
  dy: number,
  image: Size,
  keepAspect = false,
): Rect {
  let [x1, y1, x2, y2] = cornersOf(rect)
  if (handle.includes('w')) x1 = clamp(x1 + dx, image.width)
  if (handle.includes('e')) x2 = clamp(x2 + dx, image.width)
  if (handle.includes('n')) y1 = clamp(y1 + dy, image.height)
  if (handle.includes('s')) y2 = clamp(y2 + dy, image.height)
  if (keepAspect && handle.length === 2) {
    const scale = Math.min(Math.abs(x2 - x1) / rect.width, Math.abs(y2 - y1) / rect.height)
    const width = Math.sign(x2 - x1) * scale * rect.width
    const height = Math.sign(y2 - y1) * scale * rect.height
    if (handle.includes('w')) x1 = x2 - width
    else x2 = x1 + width
    if (handle.includes('n')) y1 = y2 - height
    else y2 = y1 + height
  }
  return fromEdges([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)])
}

/** Whether four integers 0..1000 can hold this rectangle; smaller ones are refused with a hint. */
export function survivesRounding(rect: Rect, image: Size): boolean {
  return boxProblem(cornersOf(rect), image) === null
}

/** Width and height in pixels from which every rectangle survives rounding. */
export function smallestSize(image: Size): Size {
  return { width: (2 * image.width) / 1000, height: (2 * image.height) / 1000 }
}

export function contains(rect: Rect, [x, y]: ImagePoint): boolean {
  return x >= rect.x && y >= rect.y && x <= rect.x + rect.width && y <= rect.y + rect.height
}

/** Where a handle sits, as shares of width and height. */
export function handlePlace(handle: Handle): readonly [x: number, y: number] {
  const x = handle.includes('w') ? 0 : handle.includes('e') ? 1 : 0.5
  const y = handle.includes('n') ? 0 : handle.includes('s') ? 1 : 0.5
  return [x, y]
}

/** Rounds the edges, not the size: two boxes that share an edge go on sharing it. */
function fromEdges([x1, y1, x2, y2]: Corners): Rect {
  const [left, top] = [round(x1), round(y1)]
  return { x: left, y: top, width: round(round(x2) - left), height: round(round(y2) - top) }
}

/** Rounding may push an edge over the border by a hundredth. */
function inside(rect: Rect, image: Size): Rect {
  return {
    ...rect,
    x: Math.max(0, Math.min(rect.x, image.width - rect.width)),
    y: Math.max(0, Math.min(rect.y, image.height - rect.height)),
  }
}

function clamp(value: number, size: number): number {
  return Math.min(size, Math.max(0, value))
}

function round(value: number): number {
  return Math.round(value * PRECISION) / PRECISION
}
