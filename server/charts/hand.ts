import type { Point } from './chart.ts'
import type { Random } from './random.ts'

/** Distance between the points that a hand moves, in units of the text's height. */
const STEP = 1.2

/** A line as an unsteady hand draws it: points along it moved a little and joined by smooth curves. */
export function drawnByHand(
  points: readonly Point[],
  isClosed: boolean,
  hand: { jitter: number; textHeight: number },
  random: Random,
): Point[] {
  const reach = hand.jitter * hand.textHeight
  const handles = subdivided(points, isClosed, STEP * hand.textHeight)
  const moved = handles.map(({ x, y }, index) => {
    // The ends of an open line touch what it connects.
    if (!isClosed && (index === 0 || index === handles.length - 1)) return { x, y }
    return { x: x + random.between(-reach, reach), y: y + random.between(-reach, reach) }
  })
  return isClosed ? smoothClosed(moved) : smoothOpen(moved)
}

/** Points about `step` apart, also along arcs, which come as many short pieces; corners stay corners. */
function subdivided(points: readonly Point[], isClosed: boolean, step: number): Point[] {
  const around = isClosed ? [...points, ...points.slice(0, 1)] : points
  const handles: Point[] = []
  let sinceLast = Number.POSITIVE_INFINITY
  around.forEach((to, index) => {
    const from = around[index - 1]
    if (!from) return
    const length = Math.hypot(to.x - from.x, to.y - from.y)
    if (sinceLast >= 0.5 * step) {
      const count = Math.max(1, Math.round(length / step))
      for (let at = 0; at < count; at += 1) handles.push(between(from, to, at / count))
      sinceLast = length / count
    } else sinceLast += length
  })
  return isClosed ? handles : [...handles, ...points.slice(-1)]
}

/** Quadratic curves from middle to middle with the points as handles. */
function smoothClosed(points: readonly Point[]): Point[] {
  const at = (index: number) => points[(index + points.length) % points.length] as Point
  return points.flatMap((handle, index) =>
    quadratic(between(at(index - 1), handle, 0.5), handle, between(handle, at(index + 1), 0.5)),
  )
}

/** The same for a line with two ends; both are on it. */
export function smoothOpen(points: readonly Point[]): Point[] {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < 3) return [...points]
  const inner = points.slice(1, -1)
  const curves = inner.flatMap((handle, index) => {
    const before = points[index] as Point
    const after = points[index + 2] as Point
    const from = index === 0 ? first : between(before, handle, 0.5)
    const to = index === inner.length - 1 ? last : between(handle, after, 0.5)
    return quadratic(from, handle, to)
  })
  return [...curves, last]
}

/** Points per curve: at 100 pixels length the polygon stays within 0.3 pixels of it. */
const CURVE_STEPS = 12

function quadratic(from: Point, handle: Point, to: Point): Point[] {
  return Array.from({ length: CURVE_STEPS }, (_, step) => {
    const t = step / CURVE_STEPS
    return between(between(from, handle, t), between(handle, to, t), t)
  })
}

function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
}
