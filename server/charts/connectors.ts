import type { ChartEdge, ConnectorHead, Point } from './chart.ts'
import type { Path } from './drawing.ts'
import { drawnByHand, smoothOpen } from './hand.ts'
import { exitPoint } from './outline.ts'
import type { PlacedEdge } from './placed-chart.ts'
import type { Random } from './random.ts'
import type { ChartStyle } from './style.ts'

/**
 * The line of a connector between two outlines, in pixels of the picture: its way from end to end, with
 * elbows where they are wanted, cut where it leaves and enters the shapes.
 */
export function connectorLine(
  edge: PlacedEdge,
  fromOutline: readonly Point[],
  toOutline: readonly Point[],
  isVertical: boolean,
): Point[] {
  const way = edge.isElbow ? withElbows(edge.points, isVertical, fromOutline) : edge.points
  return cutStart(cutStart(way, fromOutline).reverse(), toOutline).reverse()
}

/**
 * Right angles half-way between two ranks; a way that leads clearly aside leaves its shape at the side
 * (from a decision's left or right corner, as people draw it) and turns once.
 */
function withElbows(points: readonly Point[], isVertical: boolean, fromOutline: readonly Point[]): Point[] {
  return points.flatMap((to, index) => {
    const from = points[index - 1]
    if (!from) return [to]
    const corner = isVertical ? { x: to.x, y: from.y } : { x: from.x, y: to.y }
    if (index === 1 && exitPoint(fromOutline, from, corner)) return [corner, to]
    const x = (from.x + to.x) / 2
    const y = (from.y + to.y) / 2
    return isVertical ? [{ x: from.x, y }, { x: to.x, y }, to] : [{ x, y: from.y }, { x, y: to.y }, to]
  })
}

/** Drops what lies inside the first shape and begins at its outline. */
function cutStart(points: Point[], outline: readonly Point[]): Point[] {
  for (let index = points.length - 1; index > 0; index -= 1) {
    const inside = points[index - 1]
    const outside = points[index]
    const exit = inside && outside ? exitPoint(outline, inside, outside) : null
    if (exit) return [exit, ...points.slice(index)]
  }
  return points
}

export interface Pen {
  style: ChartStyle
  textHeight: number
  lineWidth: number
  random: Random
}

/** Between the line and either side of its head, radians. */
const HEAD_ANGLE = 0.48

/** The line and its heads; a tip touches the outline of the shape it points at. */
export function connectorPaths(line: readonly Point[], edge: ChartEdge, isElbow: boolean, pen: Pen): Path[] {
  const { style, lineWidth, textHeight } = pen
  const curved = style.routing === 'curved' && !isElbow ? smoothOpen(line) : line
  const shaft =
    style.jitter > 0
      ? drawnByHand(curved, false, { jitter: style.jitter * 0.7, textHeight }, pen.random)
      : curved
  const dash = edge.line === 'dashed' ? [3 * lineWidth, 3 * lineWidth] : []
  const paths: Path[] = [
    {
      points: shortened(shaft, edge, headLength(pen), lineWidth),
      isClosed: false,
      fill: null,
      stroke: style.ink,
      dash,
    },
  ]
  for (const [head, points] of [
    [edge.endHead, shaft],
    [edge.startHead, shaft.toReversed()],
  ] as const) {
    const tip = points.at(-1)
    // A pixel's length of line has no direction.
    const before = points.findLast((point) => tip && Math.hypot(point.x - tip.x, point.y - tip.y) > lineWidth)
    if (tip && before)
      paths.push(...headPaths(head, tip, Math.atan2(tip.y - before.y, tip.x - before.x), pen))
  }
  return paths
}

function headLength({ style, textHeight, lineWidth }: Pen): number {
  return style.headLength * textHeight + 1.5 * lineWidth
}

/** A thick line ends inside its filled head; drawn to the tip it would stand out beside it. */
function shortened(
  points: readonly Point[],
  { endHead, startHead }: ChartEdge,
  length: number,
  lineWidth: number,
): Point[] {
  const trim = Math.min(0.5 * length, lineWidth)
  const cut = (line: readonly Point[]): Point[] => {
    const tip = line.at(-1)
    const before = line.at(-2)
    if (!tip || !before) return [...line]
    const last = Math.hypot(tip.x - before.x, tip.y - before.y)
    if (last <= trim) return [...line]
    const share = 1 - trim / last
    const end = { x: before.x + (tip.x - before.x) * share, y: before.y + (tip.y - before.y) * share }
    return [...line.slice(0, -1), end]
  }
  const atEnd = endHead === 'arrow' ? cut(points) : [...points]
  return startHead === 'arrow' ? cut(atEnd.reverse()).reverse() : atEnd
}

function headPaths(head: ConnectorHead, tip: Point, angle: number, pen: Pen): Path[] {
  const { ink } = pen.style
  const length = headLength(pen)
  const at = (direction: number, distance: number): Point => ({
    x: tip.x + distance * Math.cos(direction),
    y: tip.y + distance * Math.sin(direction),
  })
  const back = angle + Math.PI
  const line = { isClosed: false, fill: null, stroke: ink, dash: [] }
  switch (head) {
    case 'none':
      return []
    case 'arrow': {
      const barbs = [at(back - HEAD_ANGLE, length), tip, at(back + HEAD_ANGLE, length)]
      if (pen.style.head === 'open') return [{ ...line, points: barbs }]
      return [{ points: barbs, isClosed: true, fill: ink, stroke: null, dash: [] }]
    }
    case 'circle': {
      const radius = 0.4 * length
      const centre = at(back, radius)
      const points = Array.from({ length: 24 }, (_, step) => ({
        x: centre.x + radius * Math.cos((step / 12) * Math.PI),
        y: centre.y + radius * Math.sin((step / 12) * Math.PI),
      }))
      return [{ points, isClosed: true, fill: ink, stroke: null, dash: [] }]
    }
    case 'cross': {
      const middle = at(back, 0.5 * length)
      const reach = 0.4 * length
      return [Math.PI / 4, -Math.PI / 4].map((turn) => ({
        ...line,
        points: [-1, 1].map((side) => ({
          x: middle.x + side * reach * Math.cos(angle + turn),
          y: middle.y + side * reach * Math.sin(angle + turn),
        })),
      }))
    }
  }
}
