import type { ChartThing, DrawOptions } from '../contracts/chart.ts'
import { type Chart, isArrow, type Point } from './chart.ts'
import { connectorLine, connectorPaths, type Pen } from './connectors.ts'
import type { Drawing, Path } from './drawing.ts'
import { drawnByHand } from './hand.ts'
import { outlineOf, textShift } from './outline.ts'
import { hasPlaces, placeAsDrawn } from './place-drawn.ts'
import { EDGE_TEXT, placeFresh } from './place-fresh.ts'
import { LINE_HEIGHT, type PlacedChart } from './placed-chart.ts'
import type { Random } from './random.ts'
import type { ChartStyle } from './style.ts'
import { font, textWidth } from './text.ts'

/** One thing of a chart as it is drawn. */
export interface SceneThing {
  kind: ChartThing
  /** Position among the chart's nodes, edges or groups, as the kind says. */
  index: number
  drawing: Drawing
}

export interface SceneText {
  lines: readonly string[]
  at: Point
  fontSize: number
  colour: string
  align: 'center' | 'left'
  /** Colour of a patch under the words, so that a line does not run through them. */
  patch: string | null
}

/** Everything that is painted on the paper, in that order. Pixels of the picture, page turned already. */
export interface Scene {
  width: number
  height: number
  style: ChartStyle
  things: SceneThing[]
  texts: SceneText[]
}

/** Turns the whole page around its middle, as a sheet that lies askew on the glass. */
interface PageTurn {
  angle: number
  centre: Point
}

/** A line thinner than this share of the picture could vanish between two of the 1000 coordinates. */
const THINNEST = 1.1 / 1000

/** Places a chart and gives everything on it its lines. @throws ChartTooLarge */
export function layOutScene(
  chart: Chart,
  style: ChartStyle,
  { size, layout }: Pick<DrawOptions, 'size' | 'layout'>,
  random: Random,
): Scene {
  const place = layout === 'asDrawn' && hasPlaces(chart) ? placeAsDrawn : placeFresh
  const placed = place(chart, style, size, random)
  const { width, height, fontSize } = placed
  const thinnest = Math.max(1.2, THINNEST * Math.max(width, height))
  const pen: Pen = {
    style,
    random,
    textHeight: fontSize,
    lineWidth: Math.max(thinnest, style.lineWidth * fontSize),
  }
  const turn: PageTurn = { angle: style.scan?.rotation ?? 0, centre: { x: width / 2, y: height / 2 } }
  const groups = chart.groups.map((_, index) => groupThing(placed, index, pen, turn))
  const nodes = chart.nodes.map(({ shape }, index) => nodeThing(shape, placed, index, pen, turn))
  const outlines = new Map<string, readonly Point[]>()
  chart.nodes.forEach(({ id }, index) => {
    outlines.set(id, nodes[index]?.outline ?? [])
  })
  chart.groups.forEach(({ id }, index) => {
    outlines.set(id, groups[index]?.drawing.paths[0]?.points ?? [])
  })
  const edges = placed.edges.map((edge, index): SceneThing => {
    const { from, to, ...chartEdge } = chart.edges[index] as Chart['edges'][number]
    const points = edge.points.map((point) => turned(point, turn))
    const isVertical = edge.isElbow && chartEdge.way ? isSteep(points) : placed.isVertical
    const line = connectorLine(
      { ...edge, points },
      outlines.get(from) ?? [],
      outlines.get(to) ?? [],
      isVertical,
    )
    const widths = { solid: 0.8, dashed: 0.8, thick: 1.8 }
    const edgePen = { ...pen, lineWidth: Math.max(thinnest, widths[chartEdge.line] * pen.lineWidth) }
    const paths = connectorPaths(line, { from, to, ...chartEdge }, edge.isElbow, edgePen)
    const kind = isArrow({ from, to, ...chartEdge }) ? 'arrow' : 'line'
    return { kind, index, drawing: { lineWidth: edgePen.lineWidth, paths } }
  })
  return {
    width,
    height,
    style,
    things: [...groups, ...edges, ...nodes.flatMap(({ thing }) => thing ?? [])],
    texts: sceneTexts(chart, placed, style).map((text) => ({ ...text, at: turned(text.at, turn) })),
  }
}

function nodeThing(
  shape: Chart['nodes'][number]['shape'],
  placed: PlacedChart,
  index: number,
  pen: Pen,
  turn: PageTurn,
): { thing: SceneThing | null; outline: Point[] } {
  const { centre, width, height } = placed.nodes[index] as PlacedChart['nodes'][number]
  const { style, textHeight } = pen
  const settle = (points: Point[]) =>
    points.map(({ x, y }) => turned({ x: centre.x + x, y: centre.y + y }, turn))
  // Free words have no line of their own; arrows still keep a distance from them.
  if (!shape) return { thing: null, outline: settle(outlineOf('rectangle', width, height, 0).edge) }
  const byHand = (points: Point[], isClosed: boolean) =>
    style.jitter > 0
      ? drawnByHand(points, isClosed, { jitter: style.jitter, textHeight }, pen.random)
      : points
  const { edge, inner } = outlineOf(shape, width, height, style.rounding)
  const outline = settle(byHand(edge, true))
  const stroke = { stroke: style.stroke, dash: [] }
  const paths: Path[] = [
    { points: outline, isClosed: true, fill: style.fills[shape], ...stroke },
    ...inner.map((points) => ({
      points: settle(byHand(points, false)),
      isClosed: false,
      fill: null,
      dash: [],
      // Without outlines the inner lines are cut out of the shape.
      stroke: style.stroke ?? style.page,
      isCut: style.stroke === null,
    })),
  ]
  return { thing: { kind: shape, index, drawing: { lineWidth: pen.lineWidth, paths } }, outline }
}

function groupThing(placed: PlacedChart, index: number, pen: Pen, turn: PageTurn): SceneThing {
  const { left, top, width, height } = placed.groups[index] as PlacedChart['groups'][number]
  const { style, textHeight } = pen
  const corners = [
    { x: left, y: top },
    { x: left + width, y: top },
    { x: left + width, y: top + height },
    { x: left, y: top + height },
  ]
  const drawn =
    style.jitter > 0 ? drawnByHand(corners, true, { jitter: style.jitter, textHeight }, pen.random) : corners
  const lineWidth = 0.6 * pen.lineWidth + 0.5
  const dash = style.jitter > 0 ? [] : [4 * lineWidth, 3 * lineWidth]
  const points = drawn.map((point) => turned(point, turn))
  const paths = [{ points, isClosed: true, fill: style.groupFill, stroke: style.ink, dash }]
  return { kind: 'group', index, drawing: { lineWidth, paths } }
}

function sceneTexts(chart: Chart, placed: PlacedChart, style: ChartStyle): SceneText[] {
  const groups = placed.groups.map((group, index): SceneText => {
    const fontSize = EDGE_TEXT * placed.fontSize
    const at = { x: group.left + 0.6 * fontSize, y: group.top + 0.9 * fontSize }
    const lines = [chart.groups[index]?.text.replaceAll('\n', ' ') ?? '']
    return { lines, at, fontSize, colour: style.ink, align: 'left', patch: null }
  })
  const edges = placed.edges.flatMap(({ lines, textAt }): SceneText[] => {
    if (!textAt) return []
    const fontSize = EDGE_TEXT * placed.fontSize
    return [{ lines, at: textAt, fontSize, colour: style.ink, align: 'center', patch: style.page }]
  })
  const nodes = placed.nodes.map(({ centre, width, height, lines, fontSize }, index): SceneText => {
    const shape = chart.nodes[index]?.shape ?? null
    const at = { x: centre.x, y: centre.y + textShift(shape, width, height) }
    const colour = shape ? style.textColour : style.ink
    return { lines, at, fontSize, colour, align: 'center', patch: null }
  })
  return [...groups, ...edges, ...nodes]
}

/** The four corners of a text's patch before the page is turned, around its own middle. */
export function patchSize({ lines, fontSize }: SceneText, style: ChartStyle) {
  const spec = font(style.fonts, style.fontWeight, fontSize)
  const width = Math.max(...lines.map((line) => textWidth(line, spec))) + 0.5 * fontSize
  return { width, height: (lines.length * LINE_HEIGHT + 0.1) * fontSize }
}

function isSteep(points: readonly Point[]): boolean {
  const [from, to] = [points[0], points.at(-1)]
  return !from || !to || Math.abs(to.y - from.y) >= Math.abs(to.x - from.x)
}

function turned({ x, y }: Point, turn: PageTurn): Point {
  const cos = Math.cos(turn.angle)
  const sin = Math.sin(turn.angle)
  const dx = x - turn.centre.x
  const dy = y - turn.centre.y
  return { x: turn.centre.x + dx * cos - dy * sin, y: turn.centre.y + dx * sin + dy * cos }
}
