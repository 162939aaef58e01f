import type { Chart, ChartNode, Point } from './chart.ts'
import type { ChartStyle } from './style.ts'
import { font, textWidth, wrap } from './text.ts'

/** A shape's ideal frame in pixels of the picture, before a hand or a scanner touched it. */
export interface PlacedNode {
  centre: Point
  width: number
  height: number
  lines: string[]
  fontSize: number
}

export interface PlacedEdge {
  /** From one end to the other; ends that lie inside a shape are cut at its outline. */
  points: Point[]
  isElbow: boolean
  /** null = no words. */
  textAt: Point | null
  lines: string[]
}

export interface PlacedGroup {
  left: number
  top: number
  width: number
  height: number
}

/** Where everything of a chart stands, by the order of its nodes, edges and groups. */
export interface PlacedChart {
  width: number
  height: number
  isVertical: boolean
  /** Of the text inside shapes, pixels. */
  fontSize: number
  nodes: PlacedNode[]
  edges: PlacedEdge[]
  groups: PlacedGroup[]
}

/** Lines of text are this many times their height apart. */
export const LINE_HEIGHT = 1.25

/** Room for the text plus what each shape's slanted or curved sides take away from it; `unit` high letters. */
export function frameFor(node: ChartNode, style: ChartStyle, unit: number) {
  const spec = font(style.fonts, style.fontWeight, unit)
  const limit = (node.shape === 'diamond' ? 7 : 9) * unit
  const lines = wrap(node.text, spec, limit)
  const text = Math.max(...lines.map((line) => textWidth(line, spec)))
  const rows = lines.length * LINE_HEIGHT * unit
  const { width, height } = ROOM[node.shape ?? 'words'](text / unit, rows / unit)
  return { lines, width: width * unit, height: height * unit }
}

type Room = (text: number, rows: number) => { width: number; height: number }

const boxed: Room = (text, rows) => ({ width: Math.max(6.5, text + 1.8), height: rows + 2.2 })
const slanted: Room = (text, rows) => ({ width: Math.max(7.5, text + 4), height: rows + 2.2 })
const round: Room = (text, rows) => {
  const side = Math.max(4, Math.hypot(text, rows) + 1.2)
  return { width: side, height: side }
}

const ROOM: Record<NonNullable<ChartNode['shape']> | 'words', Room> = {
  words: (text, rows) => ({ width: text + 0.6, height: rows + 0.4 }),
  rectangle: boxed,
  rounded: boxed,
  stadium: (text, rows) => ({ width: Math.max(6.5, text + 2.8), height: rows + 1.8 }),
  circle: round,
  doubleCircle: (text, rows) => {
    const { width } = round(text, rows)
    return { width: width + 0.8, height: width + 0.8 }
  },
  ellipse: (text, rows) => ({ width: Math.max(6, text * 1.42 + 1), height: rows * 1.42 + 1.4 }),
  diamond: (text, rows) => ({ width: Math.max(8, text * 1.4 + 3.5), height: rows + 4.5 }),
  parallelogram: slanted,
  parallelogramAlt: slanted,
  trapezoid: slanted,
  trapezoidAlt: slanted,
  hexagon: slanted,
  flag: slanted,
  subroutine: (text, rows) => ({ width: Math.max(7, text + 3.4), height: rows + 2.2 }),
  cylinder: (text, rows) => ({ width: Math.max(5.5, text + 2), height: rows + 3.4 }),
  document: (text, rows) => ({ width: Math.max(6.5, text + 1.8), height: rows + 3.1 }),
}

/** The nodes of a group and of the groups within it, as positions in `chart.nodes`. */
export function nodesWithin(chart: Chart, groupId: string): number[] {
  const group = chart.groups.find(({ id }) => id === groupId)
  const own = group?.members.map((id) => chart.nodes.findIndex((node) => node.id === id)) ?? []
  const inner = chart.groups.filter(({ parent }) => parent === groupId)
  return [...own, ...inner.flatMap(({ id }) => nodesWithin(chart, id))]
}
