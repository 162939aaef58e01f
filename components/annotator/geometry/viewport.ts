import type { Size } from '../../../server/grounding/coordinates.ts'
import { type ImagePoint, imagePoint, type ScreenPoint, screenPoint } from './points.ts'
import type { Rect } from './rects.ts'

/** screen = image × scale + (x, y). Scale 1 shows one image pixel as one CSS pixel. */
export interface Viewport {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** 64 screen pixels for one of the image: enough to place an edge between two pixels. */
const MAX_SCALE = 64
const MIN_SCALE = 0.01
/** Screen pixels left free around a fitted image. */
const FIT_MARGIN = 24
/** Screen pixels of the image that panning never pushes out of sight. */
const KEEP_VISIBLE = 48

export function toScreen(viewport: Viewport, [x, y]: ImagePoint): ScreenPoint {
  return screenPoint(x * viewport.scale + viewport.x, y * viewport.scale + viewport.y)
}

export function toImage(viewport: Viewport, [x, y]: ScreenPoint): ImagePoint {
  return imagePoint((x - viewport.x) / viewport.scale, (y - viewport.y) / viewport.scale)
}

export function rectToScreen(viewport: Viewport, rect: Rect): Rect {
  return {
    x: rect.x * viewport.scale + viewport.x,
    y: rect.y * viewport.scale + viewport.y,
    width: rect.width * viewport.scale,
    height: rect.height * viewport.scale,
  }
}

/** The whole image in the middle of the area; small images are not blown up beyond `largest`. */
export function fitImage(image: Size, area: Size, largest = 8): Viewport {
  const scale = clampScale(
    Math.min(
      (area.width - 2 * FIT_MARGIN) / image.width,
      (area.height - 2 * FIT_MARGIN) / image.height,
      largest,
    ),
  )
  return centred(image, area, scale)
}

export function centred(image: Size, area: Size, scale: number): Viewport {
  return { scale, x: (area.width - image.width * scale) / 2, y: (area.height - image.height * scale) / 2 }
}

/** Zooms so that what is under `at` stays under it. */
export function zoomAt(viewport: Viewport, at: ScreenPoint, factor: number): Viewport {
  const scale = clampScale(viewport.scale * factor)
  const [x, y] = toImage(viewport, at)
  return { scale, x: at[0] - x * scale, y: at[1] - y * scale }
}

export function panBy(viewport: Viewport, dx: number, dy: number): Viewport {
  return { ...viewport, x: viewport.x + dx, y: viewport.y + dy }
}

/** Moves the viewport back so far that some of the image stays in sight. */
export function keepInSight(viewport: Viewport, image: Size, area: Size): Viewport {
  const limit = (offset: number, length: number, room: number) =>
    Math.min(room - KEEP_VISIBLE, Math.max(KEEP_VISIBLE - length, offset))
  return {
    scale: viewport.scale,
    x: limit(viewport.x, image.width * viewport.scale, area.width),
    y: limit(viewport.y, image.height * viewport.scale, area.height),
  }
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

function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale))
}
