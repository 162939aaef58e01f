import {
  type EdgeLabel as DagreEdge,
  Graph,
  type GraphLabel,
  type NodeLabel,
  layout as runDagre,
} from '@dagrejs/dagre'
import type { DrawOptions } from '../contracts/chart.ts'
import type { Chart, Point } from './chart.ts'
import { fitPicture } from './fit-picture.ts'
import {
  frameFor,
  LINE_HEIGHT,
  nodesWithin,
  type PlacedChart,
  type PlacedEdge,
  type PlacedGroup,
  type PlacedNode,
} from './placed-chart.ts'
import type { Random } from './random.ts'
import type { ChartStyle } from './style.ts'
import { font, textWidth, wrap } from './text.ts'

/** Text height in layout units; everything before the final scaling is measured in these. */
const UNIT = 20
/** Between a group's frame and what is in it; dagre keeps at least 34 units free there. */
const GROUP_PADDING = 16
const GROUP_TITLE = 1.4 * UNIT
/** Words beside an arrow are smaller than those in a shape, and soon broken. */
export const EDGE_TEXT = 0.85
const EDGE_TEXT_LIMIT = 8

/**
 * Lays a chart out with dagre and scales it so that it fills a picture of its own size.
 * @throws ChartTooLarge
 */
export function placeFresh(
  chart: Chart,
  style: ChartStyle,
  size: DrawOptions['size'],
  random: Random,
): PlacedChart {
  const nodeSizes = chart.nodes.map((node) => frameFor(node, style, UNIT))
  const edgeFont = font(style.fonts, style.fontWeight, EDGE_TEXT * UNIT)
  const edgeLines = chart.edges.map(({ text }) => (text ? wrap(text, edgeFont, EDGE_TEXT_LIMIT * UNIT) : []))
  const graph = new Graph<GraphLabel, NodeLabel, DagreEdge>({ multigraph: true, compound: true })
  const gap = chart.groups.length > 0 ? { low: 56, high: 72 } : { low: 34, high: 56 }
  graph.setGraph({
    rankdir: chart.direction,
    nodesep: random.between(gap.low, gap.high),
    ranksep: random.between(gap.low, gap.high),
    edgesep: 20,
  })
  nodeSizes.forEach(({ width, height }, index) => {
    graph.setNode(String(index), { width, height })
  })
  const groupName = (id: string) => `group ${id}`
  for (const group of chart.groups) graph.setNode(groupName(group.id), { width: 0, height: 0 })
  for (const group of chart.groups) {
    if (group.parent) graph.setParent(groupName(group.id), groupName(group.parent))
    for (const id of group.members) graph.setParent(String(indexOf(chart, id)), groupName(group.id))
  }
  const ends = chart.edges.map((edge) => [standIn(chart, edge.from), standIn(chart, edge.to)] as const)
  ends.forEach(([from, to], index) => {
    const lines = edgeLines[index] ?? []
    const width = Math.max(0, ...lines.map((line) => textWidth(line, edgeFont))) + 0.6 * UNIT
    const height = lines.length * LINE_HEIGHT * EDGE_TEXT * UNIT
    const label = lines.length > 0 ? { width, height, labelpos: 'c' as const } : {}
    graph.setEdge(String(from), String(to), label, String(index))
  })
  runDagre(graph)

  const frames = nodeSizes.map(({ width, height }, index) => {
    const { x = 0, y = 0 } = graph.node(String(index))
    return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 }
  })
  const groups = groupFrames(chart, frames)
  const ways = ends.map(([from, to], index) => graph.edge(String(from), String(to), String(index)))
  const extent = extentOf([...frames, ...groups, ...ways.flatMap(({ points = [] }) => points.map(spot))])
  const picture = fitPicture({ ...extent, unit: UNIT, mayStretch: true }, size, random)
  const toPicture = ({ x, y }: Point): Point => ({
    x: picture.left + (x - extent.left) * picture.scaleX,
    y: picture.top + (y - extent.top) * picture.scaleY,
  })
  const nodes = nodeSizes.map(({ width, height, lines }, index): PlacedNode => {
    const { x = 0, y = 0 } = graph.node(String(index))
    return {
      centre: toPicture({ x, y }),
      lines,
      width: width * picture.scaleX,
      height: height * picture.scaleY,
      fontSize: picture.fontSize,
    }
  })
  const edges = ends.map(([from, to], index): PlacedEdge => {
    const { points = [], x = 0, y = 0 } = ways[index] ?? {}
    const lines = edgeLines[index] ?? []
    const centre = (node: number) => nodes[node]?.centre ?? { x: 0, y: 0 }
    return {
      points: [centre(from), ...points.slice(1, -1).map(toPicture), centre(to)],
      // The way out of a shape and back into it has its corners already.
      isElbow: style.routing === 'elbow' && from !== to,
      textAt: lines.length > 0 ? toPicture({ x, y }) : null,
      lines,
    }
  })
  return {
    width: picture.width,
    height: picture.height,
    isVertical: chart.direction === 'TB' || chart.direction === 'BT',
    fontSize: picture.fontSize,
    nodes,
    edges,
    groups: groups.map(({ left, top, right, bottom }): PlacedGroup => {
      const corner = toPicture({ x: left, y: top })
      const width = (right - left) * picture.scaleX
      return { left: corner.x, top: corner.y, width, height: (bottom - top) * picture.scaleY }
    }),
  }
}

/** The node that dagre ties an arrow to: it knows none that end at a group. */
function standIn(chart: Chart, id: string): number {
  const node = indexOf(chart, id)
  if (node >= 0) return node
  const [first] = nodesWithin(chart, id)
  if (first === undefined) throw new RangeError(`An arrow ends at ${id}, where there is no shape.`)
  return first
}

function indexOf(chart: Chart, nodeId: string): number {
  return chart.nodes.findIndex(({ id }) => id === nodeId)
}

interface Sides {
  left: number
  top: number
  right: number
  bottom: number
}

/** Around what is in each group, inner groups first, with a band for the title. */
function groupFrames(chart: Chart, nodes: readonly Sides[]): Sides[] {
  const frames = new Map<string, Sides>()
  const frameOf = (id: string): Sides => {
    const known = frames.get(id)
    if (known) return known
    const group = chart.groups.find((candidate) => candidate.id === id)
    const own = group?.members.flatMap((member) => nodes[indexOf(chart, member)] ?? []) ?? []
    const inner = chart.groups.filter(({ parent }) => parent === id).map((child) => frameOf(child.id))
    const around = boundsOf([...own, ...inner])
    const frame = {
      left: around.left - GROUP_PADDING,
      top: around.top - GROUP_PADDING - (group?.text ? GROUP_TITLE : 0),
      right: around.right + GROUP_PADDING,
      bottom: around.bottom + GROUP_PADDING,
    }
    frames.set(id, frame)
    return frame
  }
  return chart.groups.map(({ id }) => frameOf(id))
}

function boundsOf(all: readonly Sides[]): Sides {
  return {
    left: Math.min(...all.map(({ left }) => left)),
    top: Math.min(...all.map(({ top }) => top)),
    right: Math.max(...all.map(({ right }) => right)),
    bottom: Math.max(...all.map(({ bottom }) => bottom)),
  }
}

function spot({ x, y }: Point): Sides {
  return { left: x, top: y, right: x, bottom: y }
}

function extentOf(all: readonly Sides[]) {
  const { left, top, right, bottom } = boundsOf(all)
  return { left, top, width: right - left, height: bottom - top }
}
