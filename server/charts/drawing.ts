import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { Point } from './chart.ts'

export interface Path {
  points: readonly Point[]
  isClosed: boolean
  /** Colour of the inside; null = a line only. */
  fill: string | null
  /** Colour of the line; null = none. */
  stroke: string | null
  /** Lengths of dash and gap, pixels. */
  dash: readonly number[]
  /** A line in the colour of the page: it takes pixels away and so has none of its own. */
  isCut?: boolean
}

/** What one thing of a chart looks like: its paths, painted in order. Pixels of the picture. */
export interface Drawing {
  lineWidth: number
  paths: readonly Path[]
}

export interface PictureSize {
  width: number
  height: number
}

/** x1, y1, x2, y2 in whole pixels; x2 and y2 lie behind the last drawn pixel. */
export type PixelBox = [number, number, number, number]

export function paintDrawing(canvas: SKRSContext2D, { lineWidth, paths }: Drawing): void {
  canvas.lineWidth = lineWidth
  canvas.lineJoin = 'miter'
  canvas.lineCap = 'round'
  for (const { points, isClosed, fill, stroke, dash } of paths) {
    canvas.beginPath()
    points.forEach(({ x, y }, index) => {
      if (index === 0) canvas.moveTo(x, y)
      else canvas.lineTo(x, y)
    })
    if (isClosed) canvas.closePath()
    if (fill) {
      canvas.fillStyle = fill
      canvas.fill()
    }
    if (!stroke) continue
    canvas.strokeStyle = stroke
    canvas.setLineDash([...dash])
    canvas.stroke()
  }
  canvas.setLineDash([])
}

/** A pixel counts as drawn from this cover on: half of it, out of 255. */
const HALF_COVERED = 128

/**
 * The box of the pixels that `paintDrawing` really draws: it draws the thing alone on an empty canvas
 * and looks. Mitres, dashes, hand jitter and the turn of the page are in it by construction.
 * @returns null when nothing of it lies on the picture
 */
export function drawnBox(drawing: Drawing, picture: PictureSize): PixelBox | null {
  // A mitre reaches at most 5 line widths (half the default limit of 10) beyond its corner.
  const reach = Math.ceil(5 * drawing.lineWidth) + 1
  const bounds = boundsOf(drawing.paths.flatMap(({ points }) => points))
  const left = Math.max(0, Math.floor(bounds.left) - reach)
  const top = Math.max(0, Math.floor(bounds.top) - reach)
  const width = Math.min(picture.width, Math.ceil(bounds.right) + reach) - left
  const height = Math.min(picture.height, Math.ceil(bounds.bottom) + reach) - top
  if (!(width > 0 && height > 0)) return null
  const canvas = createCanvas(width, height).getContext('2d')
  canvas.translate(-left, -top)
  paintDrawing(canvas, { ...drawing, paths: drawing.paths.filter(({ isCut }) => !isCut) })
  const { data } = canvas.getImageData(0, 0, width, height)
  const isDrawn = (x: number, y: number) => (data[(y * width + x) * 4 + 3] ?? 0) >= HALF_COVERED
  const inside = coveredBox(width, height, isDrawn)
  return inside && [inside[0] + left, inside[1] + top, inside[2] + left, inside[3] + top]
}

/** Looks from each of the four sides inwards, so that it stops at the first drawn pixel. */
function coveredBox(
  width: number,
  height: number,
  isDrawn: (x: number, y: number) => boolean,
): PixelBox | null {
  const row = (y: number) => {
    for (let x = 0; x < width; x += 1) if (isDrawn(x, y)) return true
    return false
  }
  let top = 0
  while (top < height && !row(top)) top += 1
  if (top === height) return null
  let bottom = height
  while (!row(bottom - 1)) bottom -= 1
  const column = (x: number) => {
    for (let y = top; y < bottom; y += 1) if (isDrawn(x, y)) return true
    return false
  }
  let left = 0
  while (!column(left)) left += 1
  let right = width
  while (!column(right - 1)) right -= 1
  return [left, top, right, bottom]
}

export function boundsOf(points: readonly Point[]) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { x, y } of points) {
    bounds.left = Math.min(bounds.left, x)
    bounds.top = Math.min(bounds.top, y)
    bounds.right = Math.max(bounds.right, x)
    bounds.bottom = Math.max(bounds.bottom, y)
  }
  return bounds
}
