import {
  type EdgeLabel as DagreEdge,
  Graph,
  type GraphLabel,
  type NodeLabel,
  layout as runDagre,
} from '@dagrejs/dagre'
import type { Chart, ChartNode } from './chart.ts'
import type { Random } from './random.ts'
import type { ChartStyle } from './style.ts'
import { font, textWidth, wrap } from './text.ts'

export interface Point {
  x: number
  y: number
}

/** A shape's ideal frame in pixels of the picture, before a hand or a scanner touched it. */
export interface PlacedNode {
  node: ChartNode
  centre: Point
  width: number
  height: number
  lines: string[]
}

export interface PlacedEdge {
  /** From the centre of one shape to the centre of the other. */
  points: Point[]
  text: string | null
  textAt: Point | null
}

export interface PlacedChart {
  width: number
  height: number
  direction: 'TB' | 'LR'
  fontSize: number
  nodes: PlacedNode[]
  edges: PlacedEdge[]
}

/** Text height in layout units; everything before the final scaling is measured in these. */
const UNIT = 20
/** Long side of a picture, pixels. */
const LONG_SIDE = { low: 640, high: 1280 }
/** Width over height: beyond this the tiles of a small model see shapes of a few pixels only. */
const ASPECT = { low: 0.62, high: 1.9 }
/** Most by which one axis may be stretched against the other to fill the picture. */
const STRETCH = 2

/** Places a chart with dagre and scales it so that it fills a picture of its own size. */
export function placeChart(chart: Chart, style: ChartStyle, random: Random): PlacedChart {
  // A long row of steps would be a thin strip of small shapes.
  const direction = chart.nodes.length <= 4 && random.chance(0.5) ? 'LR' : 'TB'
  const fontSpec = font(style.fontFamily, style.fontWeight, UNIT)
  const sizes = chart.nodes.map((node) => {
    const lines = wrap(node.text, fontSpec, 6 * UNIT)
    return { node, lines, ...frameFor(node, lines, fontSpec) }
  })
  const graph = new Graph<GraphLabel, NodeLabel, DagreEdge>({ multigraph: true })
  graph.setGraph({
    rankdir: direction,
    nodesep: random.between(34, 56),
    ranksep: random.between(34, 56),
    edgesep: 20,
  })
  sizes.forEach(({ width, height }, index) => {
    graph.setNode(String(index), { width, height })
  })
  chart.edges.forEach((edge, index) => {
    const label = edge.text ? { width: 2 * UNIT, height: 1.2 * UNIT, labelpos: 'c' as const } : {}
    graph.setEdge(String(edge.from), String(edge.to), label, String(index))
  })
  runDagre(graph)
  const extent = graph.graph()
  const frame = fitPicture(extent.width ?? 1, extent.height ?? 1, random)
  const toPicture = ({ x, y }: Point): Point => ({
    x: frame.left + x * frame.scaleX,
    y: frame.top + y * frame.scaleY,
  })
  const nodes = sizes.map(({ node, lines, width, height }, index): PlacedNode => {
    const { x = 0, y = 0 } = graph.node(String(index))
    return {
      node,
      lines,
      centre: toPicture({ x, y }),
      width: width * frame.scaleX,
      height: height * frame.scaleY,
    }
  })
  const edges = chart.edges.map((edge, index): PlacedEdge => {
    const placed = graph.edge(String(edge.from), String(edge.to), String(index))
    const inner = (placed.points ?? []).slice(1, -1).map(toPicture)
    return {
      points: [centreOf(nodes, edge.from), ...inner, centreOf(nodes, edge.to)],
      text: edge.text,
      textAt: edge.text ? toPicture({ x: placed.x ?? 0, y: placed.y ?? 0 }) : null,
    }
  })
  return { width: frame.width, height: frame.height, direction, fontSize: frame.fontSize, nodes, edges }
}

function centreOf(nodes: PlacedNode[], index: number): Point {
  const node = nodes[index]
  if (!node) throw new RangeError(`An edge names node ${index}, the chart has ${nodes.length}.`)
  return node.centre
}

/** Room for the text plus what each shape's slanted or curved sides take away from it. */
function frameFor(node: ChartNode, lines: string[], fontSpec: string): { width: number; height: number } {
  const text = Math.max(...lines.map((line) => textWidth(line, fontSpec)))
  const rows = lines.length * 1.25 * UNIT
  switch (node.kind) {
    case 'process':
      return { width: Math.max(130, text + 36), height: rows + 44 }
    case 'decision':
      return { width: Math.max(160, text * 1.4 + 70), height: rows + 90 }
    case 'terminator':
      return { width: Math.max(130, text + 56), height: rows + 36 }
    case 'data':
      return { width: Math.max(150, text + 80), height: rows + 44 }
    case 'document':
      return { width: Math.max(130, text + 36), height: rows + 62 }
  }
}

/**
 * A picture about as wide or tall as the chart, and the scales that fill it. The axes may differ by up
 * to STRETCH, so that a plain row of steps still has shapes of a good size.
 */
function fitPicture(chartWidth: number, chartHeight: number, random: Random) {
  const wanted = (chartWidth / chartHeight) * random.between(0.85, 1.15)
  const aspect = Math.min(ASPECT.high, Math.max(ASPECT.low, wanted))
  const long = random.integer(LONG_SIDE.low, LONG_SIDE.high)
  const width = aspect >= 1 ? long : Math.round(long * aspect)
  const height = aspect >= 1 ? Math.round(long / aspect) : long
  const margin = Math.min(width, height) * random.between(0.05, 0.1)
  const fitX = (width - 2 * margin) / chartWidth
  const fitY = (height - 2 * margin) / chartHeight
  const scale = Math.min(fitX, fitY)
  const stretch = random.between(1.2, STRETCH)
  const scaleX = Math.min(fitX, scale * stretch)
  const scaleY = Math.min(fitY, scale * stretch)
  const spareX = width - 2 * margin - chartWidth * scaleX
  const spareY = height - 2 * margin - chartHeight * scaleY
  return {
    width,
    height,
    scaleX,
    scaleY,
    left: margin + spareX * random.between(0.2, 0.8),
    top: margin + spareY * random.between(0.2, 0.8),
    fontSize: UNIT * scale,
  }
}
