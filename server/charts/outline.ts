import type { NodeShape } from '../contracts/chart.ts'
import type { Point } from './chart.ts'

/** Points per quarter turn: at 200 pixels radius the polygon stays within 0.25 pixels of the arc. */
const ARC_STEPS = 24

export interface Outline {
  /** The closed line around the shape. */
  edge: Point[]
  /** Open lines within it: the bars of a subroutine, the rim of a cylinder. */
  inner: Point[][]
}

/**
 * The outline of a shape around the origin as fine polygons.
 * @param rounding radius of a plain rectangle's corners as a share of its height
 */
export function outlineOf(shape: NodeShape, width: number, height: number, rounding: number): Outline {
  const outline = OUTLINES[shape](width / 2, height / 2, rounding)
  return Array.isArray(outline) ? { edge: outline, inner: [] } : outline
}

type Draw = (halfWidth: number, halfHeight: number, rounding: number) => Point[] | Outline

const OUTLINES: Record<NodeShape, Draw> = {
  rectangle: (w, h, rounding) => roundedRectangle(w, h, rounding * 2 * Math.min(w, h)),
  rounded: (w, h) => roundedRectangle(w, h, 0.55 * Math.min(w, h)),
  stadium: (w, h) => roundedRectangle(w, h, Math.min(w, h)),
  circle: (w, h) => ellipse(Math.min(w, h), Math.min(w, h)),
  doubleCircle: (w, h) => {
    const radius = Math.min(w, h)
    return { edge: ellipse(radius, radius), inner: [closed(ellipse(0.88 * radius, 0.88 * radius))] }
  },
  ellipse,
  diamond: (w, h) => corners([0, -h], [w, 0], [0, h], [-w, 0]),
  parallelogram: (w, h) => {
    const slant = slantOf(w, h)
    return corners([-w + slant, -h], [w, -h], [w - slant, h], [-w, h])
  },
  parallelogramAlt: (w, h) => {
    const slant = slantOf(w, h)
    return corners([-w, -h], [w - slant, -h], [w, h], [-w + slant, h])
  },
  trapezoid: (w, h) => {
    const slant = slantOf(w, h)
    return corners([-w + slant, -h], [w - slant, -h], [w, h], [-w, h])
  },
  trapezoidAlt: (w, h) => {
    const slant = slantOf(w, h)
    return corners([-w, -h], [w, -h], [w - slant, h], [-w + slant, h])
  },
  hexagon: (w, h) => {
    const tip = Math.min(0.6 * h, 0.35 * w)
    return corners([-w + tip, -h], [w - tip, -h], [w, 0], [w - tip, h], [-w + tip, h], [-w, 0])
  },
  flag: (w, h) => corners([-w, -h], [w, -h], [w, h], [-w, h], [-w + Math.min(0.5 * h, 0.3 * w), 0]),
  subroutine: (w, h) => {
    const bar = Math.min(0.35 * h, 0.16 * w)
    const upright = (x: number) => corners([x, -h], [x, h])
    return { edge: roundedRectangle(w, h, 0), inner: [upright(-w + bar), upright(w - bar)] }
  },
  cylinder: (w, h) => {
    const rim = cylinderRim(w, h)
    const edge = [...arc(0, -h + rim, w, rim, Math.PI, 2 * Math.PI), ...arc(0, h - rim, w, rim, 0, Math.PI)]
    return { edge, inner: [arc(0, -h + rim, w, rim, Math.PI, 0)] }
  },
  document: (w, h) => {
    const wave = documentWave(h)
    const bottom = Array.from({ length: 2 * ARC_STEPS + 1 }, (_, step) => {
      const along = step / (2 * ARC_STEPS)
      return { x: w - 2 * w * along, y: h - wave + wave * Math.sin(2 * Math.PI * along) }
    })
    return [{ x: -w, y: -h }, { x: w, y: -h }, ...bottom]
  },
}

/** How far below the middle the text of a shape stands: the rim of a cylinder and a wave take room. */
export function textShift(shape: NodeShape | null, width: number, height: number): number {
  if (shape === 'cylinder') return cylinderRim(width / 2, height / 2)
  return shape === 'document' ? -documentWave(height / 2) : 0
}

function cylinderRim(w: number, h: number): number {
  return Math.min(0.22 * h, 0.3 * w)
}

function documentWave(h: number): number {
  return 0.18 * h
}

function slantOf(w: number, h: number): number {
  return Math.min(0.7 * h, 0.35 * w)
}

function corners(...points: [number, number][]): Point[] {
  return points.map(([x, y]) => ({ x, y }))
}

function closed(points: Point[]): Point[] {
  return [...points, ...points.slice(0, 1)]
}

function ellipse(w: number, h: number): Point[] {
  return arc(0, 0, w, h, 0, 2 * Math.PI).slice(0, -1)
}

function arc(x: number, y: number, radiusX: number, radiusY: number, from: number, to: number): Point[] {
  const steps = Math.round((Math.abs(to - from) / (Math.PI / 2)) * ARC_STEPS)
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = from + ((to - from) * step) / steps
    return { x: x + radiusX * Math.cos(angle), y: y + radiusY * Math.sin(angle) }
  })
}

function roundedRectangle(w: number, h: number, radius: number): Point[] {
  if (radius <= 0) return corners([-w, -h], [w, -h], [w, h], [-w, h])
  const corner = (x: number, y: number, from: number) => arc(x, y, radius, radius, from, from + Math.PI / 2)
  return [
    ...corner(w - radius, -h + radius, -Math.PI / 2),
    ...corner(w - radius, h - radius, 0),
    ...corner(-w + radius, h - radius, Math.PI / 2),
    ...corner(-w + radius, -h + radius, Math.PI),
  ]
}

/** Where the line from a point inside towards a point outside leaves the outline; null when it never does. */
export function exitPoint(outline: readonly Point[], inside: Point, outside: Point): Point | null {
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
