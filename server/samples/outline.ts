import type { NodeKind } from './chart.ts'
import type { PlacedNode, Point } from './layout.ts'
import type { Random } from './random.ts'
import type { ChartStyle } from './style.ts'

/** Points per quarter turn: at 200 pixels radius the polygon stays within 0.25 pixels of the arc. */
const ARC_STEPS = 24
/** Distance between the points that a hand moves, in pixels. */
const HAND_STEP = 36

/** The closed outline of a shape as a fine polygon, in pixels of the picture. */
export function outlineOf(placed: PlacedNode, style: ChartStyle, random: Random): Point[] {
  const { centre, width, height } = placed
  const points = OUTLINES[placed.node.kind](width / 2, height / 2, style).map(({ x, y }) => ({
    x: centre.x + x,
    y: centre.y + y,
  }))
  return style.jitter > 0 ? drawnByHand(points, style.jitter, random) : points
}

/** Outlines around the origin from half the width and half the height. */
const OUTLINES: Record<NodeKind, (halfWidth: number, halfHeight: number, style: ChartStyle) => Point[]> = {
  process: (w, h, style) => roundedRectangle(w, h, style.rounding * 2 * Math.min(w, h)),
  terminator: (w, h) => roundedRectangle(w, h, Math.min(w, h)),
  decision: (w, h) => [
    { x: 0, y: -h },
    { x: w, y: 0 },
    { x: 0, y: h },
    { x: -w, y: 0 },
  ],
  data: (w, h) => {
    const slant = Math.min(0.7 * h, 0.35 * w)
    return [
      { x: -w + slant, y: -h },
      { x: w, y: -h },
      { x: w - slant, y: h },
      { x: -w, y: h },
    ]
  },
  document: (w, h) => {
    const wave = 0.18 * h
    const bottom = Array.from({ length: 2 * ARC_STEPS + 1 }, (_, step) => {
      const along = step / (2 * ARC_STEPS)
      return { x: w - 2 * w * along, y: h - wave + wave * Math.sin(2 * Math.PI * along) }
    })
    return [{ x: -w, y: -h }, { x: w, y: -h }, ...bottom]
  },
}

function roundedRectangle(w: number, h: number, radius: number): Point[] {
  if (radius <= 0) {
    return [
      { x: -w, y: -h },
      { x: w, y: -h },
      { x: w, y: h },
      { x: -w, y: h },
    ]
  }
  const corner = (x: number, y: number, from: number) =>
    Array.from({ length: ARC_STEPS + 1 }, (_, step) => {
      const angle = from + (step / ARC_STEPS) * (Math.PI / 2)
      return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) }
    })
  return [
    ...corner(w - radius, -h + radius, -Math.PI / 2),
    ...corner(w - radius, h - radius, 0),
    ...corner(-w + radius, h - radius, Math.PI / 2),
    ...corner(-w + radius, -h + radius, Math.PI),
  ]
}

/** Moves points along the line a little and joins them by smooth curves, as an unsteady hand does. */
function drawnByHand(points: Point[], jitter: number, random: Random): Point[] {
  const moved = closedPolyline(points, HAND_STEP).map(({ x, y }) => ({
    x: x + random.between(-jitter, jitter),
    y: y + random.between(-jitter, jitter),
  }))
  return smoothClosed(moved)
}

function closedPolyline(points: Point[], step: number): Point[] {
  return points.flatMap((from, index) => {
    const to = points[(index + 1) % points.length] ?? from
    const pieces = Math.max(1, Math.round(Math.hypot(to.x - from.x, to.y - from.y) / step))
    return Array.from({ length: pieces }, (_, at) => ({
      x: from.x + ((to.x - from.x) * at) / pieces,
      y: from.y + ((to.y - from.y) * at) / pieces,
    }))
  })
}

/** Quadratic curves from middle to middle with the points as handles, sampled six times each. */
function smoothClosed(points: Point[]): Point[] {
  const at = (index: number) => points[(index + points.length) % points.length] as Point
  const middle = (a: Point, b: Point) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
  return points.flatMap((handle, index) => {
    const from = middle(at(index - 1), handle)
    const to = middle(handle, at(index + 1))
    return Array.from({ length: 6 }, (_, step) => {
      const t = step / 6
      const u = 1 - t
      return {
        x: u * u * from.x + 2 * u * t * handle.x + t * t * to.x,
        y: u * u * from.y + 2 * u * t * handle.y + t * t * to.y,
      }
    })
  })
}

/** Where the line from a point inside towards a point outside leaves the outline; null when it never does. */
export function exitPoint(outline: Point[], inside: Point, outside: Point): Point | null {
  const dx = outside.x - inside.x
  const dy = outside.y - inside.y
  let farthest = -1
  outline.forEach((from, index) => {
    const to = outline[(index + 1) % outline.length] ?? from
    const ex = to.x - from.x
    const ey = to.y - from.y
    const cross = dx * ey - dy * ex
    if (cross === 0) return
    const along = ((from.x - inside.x) * ey - (from.y - inside.y) * ex) / cross
    const onEdge = ((from.x - inside.x) * dy - (from.y - inside.y) * dx) / cross
    if (along >= 0 && along <= 1 && onEdge >= 0 && onEdge <= 1) farthest = Math.max(farthest, along)
  })
  return farthest < 0 ? null : { x: inside.x + dx * farthest, y: inside.y + dy * farthest }
}
