import { boxProblem, type Corners, type Size } from '../../../server/grounding/coordinates.ts'
import { cornersOf } from '../../../server/grounding/document.ts'
import { type ImagePoint, imagePoint } from './points.ts'

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

/** The smallest rectangle around all of them. */
export function boundsOf(rects: readonly Rect[]): Rect {
  const inf = Number.POSITIVE_INFINITY
  let [left, top, right, bottom] = [inf, inf, -inf, -inf]
  for (const rect of rects) {
    const [x1, y1, x2, y2] = cornersOf(rect)
    left = Math.min(left, x1)
    top = Math.min(top, y1)
    right = Math.max(right, x2)
    bottom = Math.max(bottom, y2)
  }
  return fromEdges([left, top, right, bottom])
}

export interface Drag {
  handle: Handle
  dx: number
  dy: number
  /** Keeps width : height, anchored at the opposite handle. */
  keepAspect?: boolean
}

/**
 * Drags a handle of the frame around several rectangles: they keep their places within it. Dragging
 * across the opposite edge turns them over; the border of the image stops it.
 */
export function resizeRects(rects: readonly Rect[], drag: Drag, image: Size): Rect[] {
  const frame = boundsOf(rects)
  const [x1, y1, x2, y2] = draggedEdges(frame, drag, image)
  const across = (x: number) => x1 + ((x - frame.x) / frame.width) * (x2 - x1)
  const down = (y: number) => y1 + ((y - frame.y) / frame.height) * (y2 - y1)
  return rects.map((rect) => {
    const [left, top, right, bottom] = cornersOf(rect)
    return sorted([across(left), down(top), across(right), down(bottom)])
  })
}

export function resizeRect(rect: Rect, drag: Drag, image: Size): Rect {
  return sorted(draggedEdges(rect, drag, image))
}

/** Where the edges of the frame come to lie; left of right and above of below only if nothing turned over. */
function draggedEdges(frame: Rect, { handle, dx, dy, keepAspect = false }: Drag, image: Size): Corners {
  let [x1, y1, x2, y2] = cornersOf(frame)
  if (handle.includes('w')) x1 = clamp(x1 + dx, image.width)
  if (handle.includes('e')) x2 = clamp(x2 + dx, image.width)
  if (handle.includes('n')) y1 = clamp(y1 + dy, image.height)
  if (handle.includes('s')) y2 = clamp(y2 + dy, image.height)
  if (!keepAspect) return [x1, y1, x2, y2]
  const [across, down] = [(x2 - x1) / frame.width, (y2 - y1) / frame.height]
  if (handle.length === 2) {
    const scale = Math.min(Math.abs(across), Math.abs(down))
    const width = Math.sign(across) * scale * frame.width
    const height = Math.sign(down) * scale * frame.height
    if (handle.includes('w')) x1 = x2 - width
    else x2 = x1 + width
    if (handle.includes('n')) y1 = y2 - height
    else y2 = y1 + height
    return [x1, y1, x2, y2]
  }
  // An edge: the other side grows as much, from its middle, as far as the image goes.
  if (handle === 'e' || handle === 'w') {
    const [middle, most] = roomAround(frame.y, frame.height, image.height)
    const scale = Math.min(Math.abs(across), most)
    const width = Math.sign(across) * scale * frame.width
    const half = (scale * frame.height) / 2
    return handle === 'w'
      ? [x2 - width, middle - half, x2, middle + half]
      : [x1, middle - half, x1 + width, middle + half]
  }
  const [middle, most] = roomAround(frame.x, frame.width, image.width)
  const scale = Math.min(Math.abs(down), most)
  const height = Math.sign(down) * scale * frame.height
  const half = (scale * frame.width) / 2
  return handle === 'n'
    ? [middle - half, y2 - height, middle + half, y2]
    : [middle - half, y1, middle + half, y1 + height]
}

/** The middle of a side, and how many times its length fits around it. */
function roomAround(start: number, length: number, size: number): readonly [middle: number, most: number] {
  const middle = start + length / 2
  return [middle, (2 * Math.min(middle, size - middle)) / length]
}

/** The corner that makes a square with the origin, inside the image. */
export function squareCorner(origin: ImagePoint, corner: ImagePoint, image: Size): ImagePoint {
  const [dx, dy] = [clamp(corner[0], image.width) - origin[0], clamp(corner[1], image.height) - origin[1]]
  const side = Math.min(Math.abs(dx), Math.abs(dy))
  return imagePoint(origin[0] + Math.sign(dx) * side, origin[1] + Math.sign(dy) * side)
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

function sorted([x1, y1, x2, y2]: Corners): Rect {
  return fromEdges([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)])
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
