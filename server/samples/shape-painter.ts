import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { NodeKind } from './chart.ts'
import type { Point } from './layout.ts'
import type { ChartStyle } from './style.ts'

/** x1, y1, x2, y2 in whole pixels; x2 and y2 lie behind the last drawn pixel. */
export type PixelBox = [number, number, number, number]

/** Turns the whole page around its middle, as a sheet that lies askew on the glass. */
export interface PageTurn {
  angle: number
  centre: Point
}

export function turned({ x, y }: Point, turn: PageTurn): Point {
  const cos = Math.cos(turn.angle)
  const sin = Math.sin(turn.angle)
  const dx = x - turn.centre.x
  const dy = y - turn.centre.y
  return { x: turn.centre.x + dx * cos - dy * sin, y: turn.centre.y + dx * sin + dy * cos }
}

export function paintShape(canvas: SKRSContext2D, outline: Point[], kind: NodeKind, style: ChartStyle): void {
  canvas.beginPath()
  outline.forEach(({ x, y }, index) => {
    if (index === 0) canvas.moveTo(x, y)
    else canvas.lineTo(x, y)
  })
  canvas.closePath()
  canvas.fillStyle = style.fills[kind]
  canvas.fill()
  if (!style.stroke) return
  canvas.strokeStyle = style.stroke
  canvas.lineWidth = style.lineWidth
  canvas.lineJoin = 'miter'
  canvas.stroke()
}

/** A pixel counts as drawn from this cover on: half of it, out of 255. */
const HALF_COVERED = 128

/**
 * The box of the pixels that `paintShape` really draws, outline included: it draws the shape alone on
 * an empty canvas and looks. Mitres, hand jitter and the turn of the page are in it by construction.
 * @returns null when nothing of the shape lies on the picture
 */
export function drawnBox(
  outline: Point[],
  kind: NodeKind,
  style: ChartStyle,
  picture: { width: number; height: number },
): PixelBox | null {
  // A mitre reaches at most 5 line widths (half the default limit of 10) beyond its corner.
  const reach = Math.ceil(5 * style.lineWidth) + 1
  const xs = outline.map((point) => point.x)
  const ys = outline.map((point) => point.y)
  const left = Math.max(0, Math.floor(Math.min(...xs)) - reach)
  const top = Math.max(0, Math.floor(Math.min(...ys)) - reach)
  const width = Math.min(picture.width, Math.ceil(Math.max(...xs)) + reach) - left
  const height = Math.min(picture.height, Math.ceil(Math.max(...ys)) + reach) - top
  if (width <= 0 || height <= 0) return null
  const canvas = createCanvas(width, height).getContext('2d')
  canvas.translate(-left, -top)
  paintShape(canvas, outline, kind, style)
  const { data } = canvas.getImageData(0, 0, width, height)
  const box: PixelBox = [width, height, 0, 0]
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((data[(y * width + x) * 4 + 3] ?? 0) < HALF_COVERED) continue
      box[0] = Math.min(box[0], x)
      box[1] = Math.min(box[1], y)
      box[2] = Math.max(box[2], x + 1)
      box[3] = Math.max(box[3], y + 1)
    }
  }
  return box[2] === 0 ? null : [box[0] + left, box[1] + top, box[2] + left, box[3] + top]
}
