import { createCanvas } from '@napi-rs/canvas'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DrawOptions, NodeShape } from '../contracts/chart.ts'
import type { Chart, ChartNode, ConnectorHead } from './chart.ts'
import { boxesOf, drawChart } from './draw-chart.ts'
import { paintDrawing } from './drawing.ts'
import { inventChart } from './invent-chart.ts'
import { seededRandom } from './random.ts'
import { layOutScene, type Scene } from './scene.ts'
import { type ChartStyle, inventStyle } from './style.ts'

const OPTIONS = DrawOptions.parse({})

/** Every shape once, each kind of connector, a group within a group, and words that stand free. */
const EVERYTHING: Chart = {
  name: 'everything',
  direction: 'TB',
  nodes: [
    ...NodeShape.options.map((shape): ChartNode => ({ id: shape, shape, text: shape, frame: null })),
    { id: 'words', shape: null, text: 'free words', frame: null },
  ],
  edges: (['arrow', 'circle', 'cross', 'none'] as ConnectorHead[]).flatMap((endHead, row) =>
    (['solid', 'dashed', 'thick'] as const).map((line, column) => ({
      from: NodeShape.options[3 * row + column] ?? 'flag',
      to: NodeShape.options[3 * row + column + 3] ?? 'words',
      text: column === 1 ? '是' : null,
      startHead: column === 2 ? endHead : ('none' as const),
      endHead,
      line,
      way: null,
    })),
  ),
  groups: [
    { id: 'outer', text: 'Outer', parent: null, members: ['rectangle', 'diamond'], frame: null },
    { id: 'inner', text: '', parent: 'outer', members: ['circle'], frame: null },
  ],
}

describe('the box of everything that is drawn', () => {
  test('holds exactly the pixels that change when it is painted alone', () => {
    const looks = fc.record({
      seed: fc.nat(),
      jitter: fc.constantFrom(0, 0.1),
      rotation: fc.constantFrom(0, 0.04, -0.03),
      routing: fc.constantFrom('straight', 'curved', 'elbow' as const),
      head: fc.constantFrom('filled', 'open' as const),
      stroke: fc.constantFrom('#000000', null),
      lineWidth: fc.double({ min: 0.05, max: 0.4, noNaN: true }),
      rounding: fc.constantFrom(0, 0.25),
    })
    fc.assert(
      fc.property(looks, ({ seed, rotation, ...look }) => {
        const random = seededRandom(seed)
        const chart = seed % 2 === 0 ? EVERYTHING : inventChart('any', 'en', random)
        const style = { ...BLACK, ...look, scan: { rotation, grain: 0, shade: 0 } } as ChartStyle
        const scene = layOutScene(chart, style, OPTIONS, random)
        const boxes = boxesOf(scene)
        expect(boxes).toHaveLength(scene.things.length)
        scene.things.forEach((thing, at) => {
          const box = boxes[at]?.box ?? [0, 0, 0, 0]
          const { surely, perhaps } = changedPixels(scene, at)
          const holds = (outer: number[], inner: number[]) =>
            inner.every((value, side) =>
              side < 2 ? (outer[side] ?? 0) <= value : (outer[side] ?? 0) >= value,
            )
          const name = `${thing.kind} ${thing.index}: ${surely} ⊆ ${box} ⊆ ${perhaps}`
          expect(holds(box, surely) && holds(perhaps, box), name).toBe(true)
        })
      }),
      { numRuns: 8, seed: 4 },
    )
  })

  test('lies inside the picture, and shapes lie apart from each other', () => {
    for (let seed = 0; seed < 25; seed += 1) {
      const random = seededRandom(seed)
      const style = { ...inventStyle(OPTIONS, random), jitter: 0 }
      const scene = layOutScene(inventChart('any', 'zh', random), style, OPTIONS, random)
      const shapes = boxesOf(scene).filter(({ kind }) => kind !== 'arrow')
      expect(Math.max(scene.width, scene.height)).toBeGreaterThanOrEqual(640)
      expect(Math.max(scene.width, scene.height)).toBeLessThanOrEqual(1920)
      shapes.forEach(({ box }, at) => {
        expect(box[0] >= 0 && box[1] >= 0 && box[2] <= scene.width && box[3] <= scene.height).toBe(true)
        for (const { box: next } of shapes.slice(at + 1)) {
          const apart = box[2] <= next[0] || next[2] <= box[0] || box[3] <= next[1] || next[3] <= box[1]
          expect(apart, `shapes of seed ${seed} overlap`).toBe(true)
        }
      })
    }
  })
})

test('the same seed draws the same bytes and boxes, another seed does not', async () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed)
    return drawChart(inventChart('any', 'zh', random), inventStyle(OPTIONS, random), OPTIONS, random)
  }
  const [one, again, other] = await Promise.all([draw(5), draw(5), draw(6)])
  expect(again.bytes.equals(one.bytes)).toBe(true)
  expect(again.things).toEqual(one.things)
  expect(other.bytes.equals(one.bytes)).toBe(false)
})

test('styles and effects are only those that were chosen', () => {
  const random = seededRandom(2)
  const looks = (options: Partial<DrawOptions>) =>
    Array.from({ length: 200 }, () => inventStyle({ ...OPTIONS, ...options }, random))
  const all = looks({})
  expect(all.some(({ scan }) => scan)).toBe(true)
  expect(all.some(({ stroke }) => stroke === null)).toBe(true)
  expect(all.some(({ jitter }) => jitter > 0)).toBe(true)
  expect(all.some(({ blur }) => blur > 0)).toBe(true)
  const plain = looks({ styles: ['dark'], effects: [] })
  expect(plain.every(({ scan, blur, jpeg, paper }) => !scan && !blur && !jpeg && paper === 'plain')).toBe(
    true,
  )
  expect(plain.every(({ jitter, stroke }) => jitter === 0 && stroke !== null)).toBe(true)
})

test('a chart with more shapes than one can read is refused, with the height its text would have', () => {
  const nodes = Array.from(
    { length: 400 },
    (_, at): ChartNode => ({ id: `n${at}`, shape: 'rectangle', text: 'Check the order', frame: null }),
  )
  const crowd: Chart = { name: 'crowd', direction: 'LR', nodes, edges: [], groups: [] }
  expect(() => layOutScene(crowd, BLACK, OPTIONS, seededRandom(1))).toThrow(/pixels high at 1920 pixels/)
})

const BLACK: ChartStyle = {
  page: '#ffffff',
  ink: '#000000',
  paper: 'plain',
  stroke: '#000000',
  fills: Object.fromEntries(NodeShape.options.map((shape) => [shape, '#000000'])) as ChartStyle['fills'],
  groupFill: '#000000',
  textColour: '#000000',
  lineWidth: 0.1,
  rounding: 0,
  jitter: 0,
  fonts: ['RefBox Sans'],
  fontWeight: 'normal',
  routing: 'straight',
  head: 'filled',
  headLength: 0.5,
  scan: null,
  blur: 0,
  jpeg: null,
}

/**
 * Paints one thing of a scene, black, on a white page of the picture's size and looks what changed. Half
 * a pixel of soft edge is not a drawn pixel; where its cover is half to within rounding, either is right.
 */
function changedPixels(scene: Scene, at: number) {
  const { width, height } = scene
  const canvas = createCanvas(width, height).getContext('2d')
  canvas.fillStyle = '#ffffff'
  canvas.fillRect(0, 0, width, height)
  const thing = scene.things[at]
  if (thing) paintDrawing(canvas, thing.drawing)
  const { data } = canvas.getImageData(0, 0, width, height)
  const boxOf = (limit: number) => {
    const box: [number, number, number, number] = [width, height, 0, 0]
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        if ((data[(y * width + x) * 4] ?? 255) > limit) continue
        if (x < box[0]) box[0] = x
        if (y < box[1]) box[1] = y
        if (x >= box[2]) box[2] = x + 1
        if (y >= box[3]) box[3] = y + 1
      }
    }
    return box
  }
  return { surely: boxOf(124), perhaps: boxOf(131) }
}
