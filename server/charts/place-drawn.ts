import type { DrawOptions } from '../contracts/chart.ts'
import type { Chart, ChartEdge, ChartNode, Frame, Point } from './chart.ts'
import { fitPicture } from './fit-picture.ts'
import { EDGE_TEXT } from './place-fresh.ts'
import { LINE_HEIGHT, type PlacedChart, type PlacedEdge, type PlacedNode } from './placed-chart.ts'
import type { Random } from './random.ts'
import type { ChartStyle } from './style.ts'
import { font, textWidth, wrap } from './text.ts'

/** Height of the text in draw.io's units unless a shape says otherwise. */
const UNIT = 12
/** Share of a shape's width that its text may take. */
const TEXT_SHARE: Partial<Record<NonNullable<ChartNode['shape']>, number>> = {
  diamond: 0.62,
  ellipse: 0.72,
  circle: 0.72,
  doubleCircle: 0.65,
  parallelogram: 0.72,
  parallelogramAlt: 0.72,
  trapezoid: 0.72,
  trapezoidAlt: 0.72,
  hexagon: 0.74,
  flag: 0.74,
  subroutine: 0.76,
}
/** Words too long for their shape are written smaller, down to this share of the usual height. */
const SMALLEST = 0.5

/** Whether every shape of the chart comes with its own place. */
export function hasPlaces(chart: Chart): boolean {
  return chart.nodes.length > 0 && chart.nodes.every(({ frame }) => frame)
}

/**
 * Keeps everything where its file has it, scaled to fill a picture.
 * @throws ChartTooLarge
 */
export function placeAsDrawn(
  chart: Chart,
  style: ChartStyle,
  size: DrawOptions['size'],
  random: Random,
): PlacedChart {
  const frames = [...chart.nodes, ...chart.groups].flatMap(({ frame }) => frame ?? [])
  const corners = chart.edges.flatMap(({ way }) => way?.corners ?? [])
  const left = Math.min(...frames.map(({ x }) => x), ...corners.map(({ x }) => x))
  const top = Math.min(...frames.map(({ y }) => y), ...corners.map(({ y }) => y))
  const right = Math.max(...frames.map(({ x, width }) => x + width), ...corners.map(({ x }) => x))
  const bottom = Math.max(...frames.map(({ y, height }) => y + height), ...corners.map(({ y }) => y))
  const extent = { width: Math.max(1, right - left), height: Math.max(1, bottom - top) }
  const picture = fitPicture({ ...extent, unit: UNIT, mayStretch: false }, size, random)
  const scale = picture.scaleX
  const toPicture = ({ x, y }: Point) => ({
    x: picture.left + (x - left) * scale,
    y: picture.top + (y - top) * scale,
  })
  const nodes = chart.nodes.map((node): PlacedNode => {
    const { x, y, width, height } = node.frame ?? { x: left, y: top, width: 1, height: 1 }
    const drawn = { width: width * scale, height: height * scale }
    const centre = toPicture({ x: x + width / 2, y: y + height / 2 })
    return { centre, ...drawn, ...fittingText(node, drawn, style, picture.fontSize) }
  })
  const groups = chart.groups.map(({ frame }) => {
    const { x, y, width, height } = frame ?? { x: left, y: top, width: 1, height: 1 }
    const corner = toPicture({ x, y })
    return { left: corner.x, top: corner.y, width: width * scale, height: height * scale }
  })
  const frameById = new Map([...chart.nodes, ...chart.groups].map(({ id, frame }) => [id, frame]))
  const edges = chart.edges.map((edge): PlacedEdge => {
    const points = drawnWay(edge, frameById).map(toPicture)
    const spec = font(style.fonts, style.fontWeight, EDGE_TEXT * picture.fontSize)
    const lines = edge.text ? wrap(edge.text, spec, 12 * picture.fontSize) : []
    const isElbow = edge.way?.isOrthogonal ?? false
    return { points, isElbow, lines, textAt: lines.length > 0 ? middleOf(points) : null }
  })
  const { width, height, fontSize } = picture
  return { width, height, fontSize, isVertical: extent.height >= extent.width, nodes, edges, groups }
}

function fittingText(
  node: ChartNode,
  frame: { width: number; height: number },
  style: ChartStyle,
  fontSize: number,
): { lines: string[]; fontSize: number } {
  const room = frame.width * ((node.shape && TEXT_SHARE[node.shape]) ?? 0.9)
  for (let size = fontSize; ; size *= 0.9) {
    const spec = font(style.fonts, style.fontWeight, size)
    const lines = wrap(node.text, spec, room)
    const isHigh = lines.length * LINE_HEIGHT * size > 0.9 * frame.height
    const isWide = lines.some((line) => textWidth(line, spec) > room)
    if (size <= SMALLEST * fontSize || !(isHigh || isWide) || node.shape === null) {
      return { lines, fontSize: size }
    }
  }
}

/** From the exit or the centre of one end over the file's corners to the other end. */
function drawnWay({ from, to, way }: ChartEdge, frames: Map<string, Frame | null>): Point[] {
  const end = (id: string, share: Point | null): Point[] => {
    const frame = frames.get(id)
    if (!frame) return []
    const { x, y } = share ?? { x: 0.5, y: 0.5 }
    return [{ x: frame.x + x * frame.width, y: frame.y + y * frame.height }]
  }
  return [...end(from, way?.exit ?? null), ...(way?.corners ?? []), ...end(to, way?.entry ?? null)]
}

/** Half-way along the line. */
function middleOf(points: readonly Point[]): Point | null {
  const lengths = points.slice(1).map((to, at) => {
    const from = points[at] as Point
    return Math.hypot(to.x - from.x, to.y - from.y)
  })
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2
  for (const [at, length] of lengths.entries()) {
    const from = points[at] as Point
    const to = points[at + 1] as Point
    if (left <= length) {
      const share = length === 0 ? 0 : left / length
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
    }
    left -= length
  }
  return points[0] ?? null
}
