import type { SKRSContext2D } from '@napi-rs/canvas'
import type { PlacedEdge, Point } from './layout.ts'
import { exitPoint } from './outline.ts'
import type { ChartStyle } from './style.ts'

/**
 * The line of an arrow between two outlines, in pixels of the picture: dagre's way from centre to
 * centre, with elbows if the style wants them, cut where it leaves and enters the shapes.
 */
export function connectorLine(
  edge: PlacedEdge,
  fromOutline: Point[],
  toOutline: Point[],
  direction: 'TB' | 'LR',
  style: ChartStyle,
): Point[] {
  const way = style.routing === 'elbow' ? withElbows(edge.points, direction, fromOutline) : edge.points
  return cutStart(cutStart(way, fromOutline).reverse(), toOutline).reverse()
}

/**
 * Right angles half-way between two ranks; a way that leads clearly aside leaves its shape at the side
 * (from a decision's left or right corner, as people draw it) and turns once.
 */
function withElbows(points: Point[], direction: 'TB' | 'LR', fromOutline: Point[]): Point[] {
  return points.flatMap((to, index) => {
    const from = points[index - 1]
    if (!from) return [to]
    const corner = direction === 'TB' ? { x: to.x, y: from.y } : { x: from.x, y: to.y }
    if (index === 1 && exitPoint(fromOutline, from, corner)) return [corner, to]
    const x = (from.x + to.x) / 2
    const y = (from.y + to.y) / 2
    return direction === 'TB'
      ? [{ x: from.x, y }, { x: to.x, y }, to]
      : [{ x, y: from.y }, { x, y: to.y }, to]
  })
}

/** Drops what lies inside the first shape and begins at its outline. */
function cutStart(points: Point[], outline: Point[]): Point[] {
  for (let index = points.length - 1; index > 0; index -= 1) {
    const inside = points[index - 1]
    const outside = points[index]
    const exit = inside && outside ? exitPoint(outline, inside, outside) : null
    if (exit) return [exit, ...points.slice(index)]
  }
  return points
}

/** Draws the line and its head; the tip touches the outline of the shape it points at. */
export function drawConnector(canvas: SKRSContext2D, line: Point[], style: ChartStyle): void {
  const tip = line.at(-1)
  const before = line.findLast((point) => tip && Math.hypot(point.x - tip.x, point.y - tip.y) > 1)
  if (!tip || !before) return
  canvas.strokeStyle = style.ink
  canvas.fillStyle = style.ink
  canvas.lineWidth = Math.max(1.5, style.lineWidth * 0.8)
  canvas.lineJoin = 'round'
  canvas.beginPath()
  tracePath(canvas, line, style.routing === 'curved')
  canvas.stroke()
  const length = 8 + 2.2 * style.lineWidth
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x)
  canvas.beginPath()
  canvas.moveTo(tip.x, tip.y)
  for (const side of [-1, 1]) {
    const towards = angle + Math.PI + side * 0.42
    canvas.lineTo(tip.x + length * Math.cos(towards), tip.y + length * Math.sin(towards))
  }
  canvas.closePath()
  canvas.fill()
}

function tracePath(canvas: SKRSContext2D, line: Point[], curved: boolean): void {
  const [first, ...rest] = line
  if (!first) return
  canvas.moveTo(first.x, first.y)
  if (!curved || rest.length < 2) {
    for (const point of rest) canvas.lineTo(point.x, point.y)
    return
  }
  // Every inner point is the handle of a curve to the middle of the next piece, the last one to the tip.
  rest.slice(0, -1).forEach((handle, index) => {
    const next = rest[index + 1] ?? handle
    const isLast = index === rest.length - 2
    const to = isLast ? next : { x: (handle.x + next.x) / 2, y: (handle.y + next.y) / 2 }
    canvas.quadraticCurveTo(handle.x, handle.y, to.x, to.y)
  })
}
