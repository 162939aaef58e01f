import type { Size } from '../../../server/grounding/coordinates.ts'
import { boundsOf, type Rect } from './rects.ts'

/** An edge that others may be lined up with: where it is on its axis, and how far it goes on the other. */
export interface Edge {
  readonly at: number
  readonly from: number
  readonly to: number
}

/** Edges across the x axis (left and right ones) and across the y axis (upper and lower ones). */
export interface SnapTargets {
  readonly x: readonly Edge[]
  readonly y: readonly Edge[]
}

/** A line to show: two edges are lined up along it. */
export interface Guide extends Edge {
  readonly axis: 'x' | 'y'
}

/** Coordinates are stored with two decimals: closer than this is the same. */
const SAME = 0.005

/** The edges of rectangles and the border of the image. */
export function snapTargets(rects: readonly Rect[], image: Size): SnapTargets {
  const all = [...rects, { x: 0, y: 0, ...image }]
  return {
    x: all.flatMap((rect) => edgesOf(rect, 'x')),
    y: all.flatMap((rect) => edgesOf(rect, 'y')),
  }
}

/** What has to be added so that one of the places meets the nearest edge; 0 = none is near enough. */
export function snapShift(places: readonly number[], edges: readonly Edge[], reach: number): number {
  let best = Number.POSITIVE_INFINITY
  for (const place of places) {
    for (const { at } of edges) {
      if (Math.abs(at - place) < Math.abs(best)) best = at - place
    }
  }
  return Math.abs(best) <= reach ? best : 0
}

/** The lines along which the rectangle is lined up now, each as long as what it joins. */
export function guidesOf(rect: Rect, targets: SnapTargets): Guide[] {
  return (['x', 'y'] as const).flatMap((axis) =>
    edgesOf(rect, axis).flatMap((own) => {
      const met = targets[axis].filter(({ at }) => Math.abs(at - own.at) < SAME)
      if (met.length === 0) return []
      const joined = [own, ...met]
      const from = Math.min(...joined.map((edge) => edge.from))
      const to = Math.max(...joined.map((edge) => edge.to))
      return { axis, at: own.at, from, to }
    }),
  )
}

/** The rectangle with `margin` more on every side. */
export function grown(rects: readonly Rect[], margin: number): Rect {
  const { x, y, width, height } = boundsOf(rects)
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }
}

function edgesOf({ x, y, width, height }: Rect, axis: 'x' | 'y'): [Edge, Edge] {
  return axis === 'x'
    ? [
        { at: x, from: y, to: y + height },
        { at: x + width, from: y, to: y + height },
      ]
    : [
        { at: y, from: x, to: x + width },
        { at: y + height, from: x, to: x + width },
      ]
}
