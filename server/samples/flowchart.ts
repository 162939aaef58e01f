import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import sharp from 'sharp'
import { type Chart, inventChart, type NodeKind } from './chart.ts'
import { connectorLine, drawConnector } from './connectors.ts'
import { type PlacedChart, type PlacedNode, placeChart } from './layout.ts'
import { outlineOf } from './outline.ts'
import { addScan, paintPaper } from './page.ts'
import { type Random, seededRandom, seedOf } from './random.ts'
import { drawnBox, type PageTurn, type PixelBox, paintShape, turned } from './shape-painter.ts'
import { type ChartStyle, inventStyle } from './style.ts'
import { font } from './text.ts'

export interface DrawnShape {
  kind: NodeKind
  text: string
  /** Every pixel of the shape, outline included. */
  box: PixelBox
}

export interface Flowchart {
  /** An encoded picture: PNG or JPEG, as the style says. */
  bytes: Buffer
  extension: 'png' | 'jpg'
  mediaType: 'image/png' | 'image/jpeg'
  width: number
  height: number
  /** In the order of the steps. */
  shapes: DrawnShape[]
}

const JPEG_QUALITY = 88

/** Draws the n-th flowchart of a seed; the same two numbers give the same picture and boxes. */
export async function drawFlowchart(seed: number, index: number): Promise<Flowchart> {
  const random = seededRandom(seedOf(seed, index))
  const style = inventStyle(random)
  return drawChart(inventChart(random), style, random)
}

/** Lays out, paints and measures one chart. */
export async function drawChart(chart: Chart, style: ChartStyle, random: Random): Promise<Flowchart> {
  const placed = placeChart(chart, style, random)
  const page = createCanvas(placed.width, placed.height)
  const canvas = page.getContext('2d')
  const turn: PageTurn = {
    angle: style.scan?.rotation ?? 0,
    centre: { x: placed.width / 2, y: placed.height / 2 },
  }
  const outlines = placed.nodes.map((node) =>
    outlineOf(node, style, random).map((point) => turned(point, turn)),
  )
  paintPaper(canvas, placed, style)
  paintConnectors(canvas, chart, placed, outlines, style, turn)
  const shapes = placed.nodes.map(({ node }, index): DrawnShape => {
    const outline = outlines[index] ?? []
    paintShape(canvas, outline, node.kind, style)
    const box = drawnBox(outline, node.kind, style, placed)
    if (!box) throw new Error(`The ${node.kind} “${node.text}” lies outside its picture.`)
    return { ...node, box }
  })
  for (const node of placed.nodes) paintText(canvas, node, placed, style, turn)
  if (style.scan) addScan(canvas, placed, style.scan, random)
  const { width, height } = placed
  return style.file === 'jpg'
    ? {
        bytes: await page.encode('jpeg', JPEG_QUALITY),
        extension: 'jpg',
        mediaType: 'image/jpeg',
        width,
        height,
        shapes,
      }
    : {
        bytes: await encodePng(canvas, placed),
        extension: 'png',
        mediaType: 'image/png',
        width,
        height,
        shapes,
      }
}

/** sharp, because the canvas's own encoder takes five times as long (18 ms) and keeps an alpha channel. */
function encodePng(canvas: SKRSContext2D, { width, height }: PlacedChart): Promise<Buffer> {
  const { data } = canvas.getImageData(0, 0, width, height)
  return sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png({ compressionLevel: 1 })
    .toBuffer()
}

function paintConnectors(
  canvas: SKRSContext2D,
  chart: Chart,
  placed: PlacedChart,
  outlines: { x: number; y: number }[][],
  style: ChartStyle,
  turn: PageTurn,
): void {
  placed.edges.forEach((edge, index) => {
    const ends = chart.edges[index]
    const points = edge.points.map((point) => turned(point, turn))
    const line = connectorLine(
      { ...edge, points },
      outlines[ends?.from ?? -1] ?? [],
      outlines[ends?.to ?? -1] ?? [],
      placed.direction,
      style,
    )
    drawConnector(canvas, line, style)
  })
  canvas.font = font(style.fontFamily, style.fontWeight, placed.fontSize * 0.85)
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  for (const { text, textAt } of placed.edges) {
    if (!text || !textAt) continue
    const at = turned(textAt, turn)
    const width = canvas.measureText(text).width + 8
    canvas.fillStyle = style.page
    canvas.fillRect(at.x - width / 2, at.y - placed.fontSize * 0.55, width, placed.fontSize * 1.1)
    canvas.fillStyle = style.ink
    canvas.fillText(text, at.x, at.y)
  }
}

function paintText(
  canvas: SKRSContext2D,
  placed: PlacedNode,
  chart: PlacedChart,
  style: ChartStyle,
  turn: PageTurn,
): void {
  const centre = turned(placed.centre, turn)
  canvas.save()
  canvas.translate(centre.x, centre.y)
  canvas.rotate(turn.angle)
  canvas.font = font(style.fontFamily, style.fontWeight, chart.fontSize)
  canvas.fillStyle = style.textColour
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  placed.lines.forEach((line, index) => {
    canvas.fillText(line, 0, (index - (placed.lines.length - 1) / 2) * 1.25 * chart.fontSize)
  })
  canvas.restore()
}
