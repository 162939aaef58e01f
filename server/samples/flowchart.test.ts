import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { type Chart, inventChart, NODE_KINDS } from './chart.ts'
import { drawChart, drawFlowchart } from './flowchart.ts'
import { seededRandom } from './random.ts'
import { type ChartStyle, inventStyle } from './style.ts'

const PLAIN: ChartStyle = {
  page: '#ffffff',
  ink: '#000000',
  paper: 'plain',
  stroke: '#000000',
  fills: {
    process: '#ff0000',
    decision: '#ff0000',
    terminator: '#ff0000',
    data: '#ff0000',
    document: '#ff0000',
  },
  textColour: '#000000',
  lineWidth: 4,
  rounding: 0,
  jitter: 0,
  fontFamily: 'RefBox Sans',
  fontWeight: 'normal',
  routing: 'straight',
  scan: null,
  file: 'png',
}

const LOOKS: [string, Partial<ChartStyle>][] = [
  ['ruled', {}],
  ['with thick outlines', { lineWidth: 9 }],
  ['with round corners', { rounding: 0.25 }],
  ['without outlines', { stroke: null }],
  ['by hand', { jitter: 4 }],
  ['on a page that lies askew', { scan: { rotation: 0.02, grain: 0, shade: 0 } }],
]

/** Every kind once and no arrows: all that differs from the page then belongs to a shape. */
const FIVE_LONE_SHAPES: Chart = {
  nodes: NODE_KINDS.map((kind) => ({ kind, text: kind })),
  edges: [],
}

test.each(LOOKS)('the box of a shape drawn %s holds all of its pixels and no more', async (_, look) => {
  const chart = await drawChart(FIVE_LONE_SHAPES, { ...PLAIN, ...look }, seededRandom(7))
  const isDrawn = await pixelsUnlike(chart, [255, 255, 255])
  // Half a pixel of soft edge is not a drawn pixel.
  const drawn = (x: number, y: number) => isDrawn(x, y) > 127
  expect(chart.shapes).toHaveLength(5)
  for (const { box, kind } of chart.shapes) {
    const [x1, y1, x2, y2] = box
    const seen = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number]
    for (let y = y1 - 6; y < y2 + 6; y += 1) {
      for (let x = x1 - 6; x < x2 + 6; x += 1) {
        if (!drawn(x, y)) continue
        seen[0] = Math.min(seen[0], x)
        seen[1] = Math.min(seen[1], y)
        seen[2] = Math.max(seen[2], x + 1)
        seen[3] = Math.max(seen[3], y + 1)
      }
    }
    expect(seen, kind).toEqual(box)
  }
})

test('the same seed draws the same bytes and boxes, another seed does not', async () => {
  const [one, again, other] = await Promise.all([
    drawFlowchart(5, 3),
    drawFlowchart(5, 3),
    drawFlowchart(6, 3),
  ])
  expect(again.bytes.equals(one.bytes)).toBe(true)
  expect(again.shapes).toEqual(one.shapes)
  expect(other.bytes.equals(one.bytes)).toBe(false)
})

test('shapes are few, inside the picture, apart from each other and large enough for a small model', async () => {
  for (let index = 0; index < 30; index += 1) {
    const { shapes, width, height } = await drawFlowchart(11, index)
    expect(shapes.length).toBeGreaterThanOrEqual(3)
    expect(shapes.length).toBeLessThanOrEqual(7)
    expect(Math.max(width, height)).toBeGreaterThanOrEqual(640)
    expect(Math.max(width, height)).toBeLessThanOrEqual(1280)
    for (const [at, { box }] of shapes.entries()) {
      expect(box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height).toBe(true)
      expect(((box[2] - box[0]) * (box[3] - box[1])) / (width * height)).toBeGreaterThan(0.008)
      for (const { box: next } of shapes.slice(at + 1)) {
        const apart = box[2] <= next[0] || next[2] <= box[0] || box[3] <= next[1] || next[3] <= box[1]
        expect(apart, `shapes of chart ${index} overlap`).toBe(true)
      }
    }
  }
})

test('invented charts use every kind, and every decision has two ways out', () => {
  const random = seededRandom(1)
  const seen = new Set<string>()
  for (let index = 0; index < 400; index += 1) {
    const { nodes, edges } = inventChart(random)
    nodes.forEach(({ kind }, at) => {
      seen.add(kind)
      if (kind === 'decision')
        expect(edges.filter((edge) => edge.from === at).length).toBeGreaterThanOrEqual(2)
    })
  }
  expect([...seen].sort()).toEqual([...NODE_KINDS].sort())
})

test('invented styles are of all looks', () => {
  const random = seededRandom(2)
  const styles = Array.from({ length: 200 }, () => inventStyle(random))
  expect(styles.some((style) => style.scan)).toBe(true)
  expect(styles.some((style) => style.stroke === null)).toBe(true)
  expect(styles.some((style) => style.jitter > 0)).toBe(true)
})

/** How much a pixel of the decoded file differs from a colour: the largest distance of a channel. */
async function pixelsUnlike(chart: { bytes: Buffer; width: number; height: number }, colour: number[]) {
  const canvas = createCanvas(chart.width, chart.height).getContext('2d')
  canvas.drawImage(await loadImage(chart.bytes), 0, 0)
  const { data } = canvas.getImageData(0, 0, chart.width, chart.height)
  return (x: number, y: number) => {
    if (x < 0 || y < 0 || x >= chart.width || y >= chart.height) return 0
    const at = (y * chart.width + x) * 4
    return Math.max(...colour.map((value, channel) => Math.abs((data[at + channel] ?? 0) - value)))
  }
}
