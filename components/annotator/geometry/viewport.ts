import type { Size } from '../../../server/grounding/coordinates.ts'
import { distance, type ImagePoint, imagePoint, type ScreenPoint, screenPoint } from './points.ts'
import type { Rect } from './rects.ts'
import { type Turn, turned, turnedSize, unturned } from './turn.ts'

/** screen = image turned × scale + (x, y). Scale 1 shows one image pixel as one CSS pixel. */
export interface Viewport {
  readonly scale: number
  readonly x: number
  readonly y: number
  readonly turn: Turn
}

/** 64 screen pixels for one of the image: enough to place an edge between two pixels. */
const MAX_SCALE = 64
const MIN_SCALE = 0.01
/** Screen pixels left free around a fitted image. */
const FIT_MARGIN = 24
/** Screen pixels of the image that panning never pushes out of sight. */
const KEEP_VISIBLE = 48
/** Share of the area left free on each side of boxes that are zoomed to: one wants to see what is around. */
const SELECTION_MARGIN = 0.2

export function toScreen({ scale, x, y, turn }: Viewport, point: ImagePoint): ScreenPoint {
  const [right, down] = turned(turn, point[0], point[1])
  return screenPoint(right * scale + x, down * scale + y)
}

export function toImage({ scale, x, y, turn }: Viewport, point: ScreenPoint): ImagePoint {
  const [right, down] = unturned(turn, (point[0] - x) / scale, (point[1] - y) / scale)
  return imagePoint(right, down)
}

export function rectToScreen(viewport: Viewport, rect: Rect): Rect {
  return between(
    toScreen(viewport, imagePoint(rect.x, rect.y)),
    toScreen(viewport, imagePoint(rect.x + rect.width, rect.y + rect.height)),
  )
}

/** `rectToScreen` for thousands of rectangles: the viewport is taken apart once. */
export function onScreen({ scale, x, y, turn }: Viewport): (rect: Rect) => Rect {
  const [cos, sin] = turned(turn, 1, 0)
  return (rect) => {
    const [left, top] = [rect.x, rect.y]
    const [right, bottom] = [left + rect.width, top + rect.height]
    const x1 = (left * cos - top * sin) * scale + x
    const y1 = (left * sin + top * cos) * scale + y
    const x2 = (right * cos - bottom * sin) * scale + x
    const y2 = (right * sin + bottom * cos) * scale + y
    return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x1 - x2), height: Math.abs(y1 - y2) }
  }
}

/** The part of the image's plane that the area shows. */
export function shownPart(viewport: Viewport, area: Size): Rect {
  return between(
    toImage(viewport, screenPoint(0, 0)),
    toImage(viewport, screenPoint(area.width, area.height)),
  )
}

/** The whole image in the middle of the area; small images are not blown up beyond `largest`. */
export function fitImage(
  image: Size,
  area: Size,
  { turn = 0, largest = 8, margin = FIT_MARGIN }: { turn?: Turn; largest?: number; margin?: number } = {},
): Viewport {
  const { width, height } = turnedSize(turn, image)
  const scale = Math.min((area.width - 2 * margin) / width, (area.height - 2 * margin) / height, largest)
  return centred(image, area, scale, turn)
}

export function centred(image: Size, area: Size, scale: number, turn: Turn): Viewport {
  return centredOn({ x: 0, y: 0, ...image }, area, scale, turn)
}

/** A rectangle of the image in the middle of the area, as large as it may be. */
export function fitRect(rect: Rect, area: Size, turn: Turn, largest = 8): Viewport {
  const { width, height } = turnedSize(turn, rect)
  const room = (length: number) => length * (1 - 2 * SELECTION_MARGIN)
  const scale = Math.min(room(area.width) / width, room(area.height) / height, largest)
  return centredOn(rect, area, scale, turn)
}

function centredOn(rect: Rect, area: Size, wanted: number, turn: Turn): Viewport {
  const scale = clampScale(wanted)
  const [x, y] = turned(turn, rect.x + rect.width / 2, rect.y + rect.height / 2)
  return { scale, x: area.width / 2 - x * scale, y: area.height / 2 - y * scale, turn }
}

/** Turns the view clockwise around the middle of the area. */
export function turnView(viewport: Viewport, area: Size, turn: Turn): Viewport {
  const middle = screenPoint(area.width / 2, area.height / 2)
  return placed({ ...viewport, turn }, toImage(viewport, middle), middle)
}

/** Zooms so that what is under `at` stays under it. */
export function zoomAt(viewport: Viewport, at: ScreenPoint, factor: number): Viewport {
  return placed({ ...viewport, scale: clampScale(viewport.scale * factor) }, toImage(viewport, at), at)
}

type TwoPoints = readonly [ScreenPoint, ScreenPoint]

/** Two fingers: what was under their middle stays there, and their distance is the zoom. */
export function pinch(viewport: Viewport, before: TwoPoints, after: TwoPoints): Viewport {
  const factor = distance(...after) / Math.max(1, distance(...before))
  const zoomed = { ...viewport, scale: clampScale(viewport.scale * factor) }
  return placed(zoomed, toImage(viewport, middleOf(before)), middleOf(after))
}

/** The viewport, moved so that the image's point appears at the screen's. */
export function placed(viewport: Viewport, point: ImagePoint, at: ScreenPoint): Viewport {
  const [x, y] = toScreen({ ...viewport, x: 0, y: 0 }, point)
  return { ...viewport, x: at[0] - x, y: at[1] - y }
}

export function panBy(viewport: Viewport, dx: number, dy: number): Viewport {
  return { ...viewport, x: viewport.x + dx, y: viewport.y + dy }
}

/** Moves the viewport back so far that some of the image stays in sight. */
export function keepInSight(viewport: Viewport, image: Size, area: Size): Viewport {
  const shown = rectToScreen(viewport, { x: 0, y: 0, ...image })
  const back = (start: number, length: number, room: number) =>
    Math.min(room - KEEP_VISIBLE, Math.max(KEEP_VISIBLE - length, start)) - start
  const dx = back(shown.x, shown.width, area.width)
  const dy = back(shown.y, shown.height, area.height)
  return dx === 0 && dy === 0 ? viewport : panBy(viewport, dx, dy)
}

/** Pans just enough to bring the rectangle into sight; leaves the viewport alone when it is. */
export function reveal(viewport: Viewport, rect: Rect, area: Size): Viewport {
  const shown = rectToScreen(viewport, rect)
  const shift = (start: number, length: number, room: number) => {
    const [low, high] = [FIT_MARGIN, room - FIT_MARGIN]
    if (start >= low && start + length <= high) return 0
    return length > high - low || start < low ? low - start : high - start - length
  }
  const dx = shift(shown.x, shown.width, area.width)
  const dy = shift(shown.y, shown.height, area.height)
  return dx === 0 && dy === 0 ? viewport : panBy(viewport, dx, dy)
}

function between(a: readonly [number, number], b: readonly [number, number]): Rect {
  return {
    x: Math.min(a[0], b[0]),
    y: Math.min(a[1], b[1]),
    width: Math.abs(a[0] - b[0]),
    height: Math.abs(a[1] - b[1]),
  }
}

function middleOf([a, b]: TwoPoints): ScreenPoint {
  return screenPoint((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
}

function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale))
}
