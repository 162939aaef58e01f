// Draws charts for the pre-training of RefBox-Nano: `npx tsx scripts/draw-nano-charts.ts --out DIR --count N`.
// Unlike a data set for people, they carry everything the dense loss asks for (the ways of links, which shape leads
// where) and speak of shapes and links only by words that are not left to the fine-tune.
import { createHash } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Chart } from '../server/charts/chart.ts'
import { drawChart } from '../server/charts/draw-chart.ts'
import { inventChart } from '../server/charts/invent-chart.ts'
import { phrasesFor } from '../server/charts/phrases.ts'
import { type Random, seededRandom, seedOf } from '../server/charts/random.ts'
import { layOutScene } from '../server/charts/scene.ts'
import { type ChartStyle, inventStyle } from '../server/charts/style.ts'
import { DrawOptions, type NodeShape } from '../server/contracts/chart.ts'

/** Far from the sample's (2024) and from those that people type. */
const SEED = 918_273_645
const OPTIONS = DrawOptions.parse({ seed: SEED })
/** Share of the charts whose shapes are mixed with others that the model has words for. */
const MIXED = 0.3
const OTHERS: readonly NodeShape[] = ['ellipse', 'circle', 'cylinder', 'hexagon', 'trapezoid', 'rounded']
const LINK = { en: 'link', zh: '连线' } as const

interface Word {
  en: string
  zh: string
}

const NAMES: Partial<Record<NodeShape, Word>> = {
  rectangle: { en: 'rectangle', zh: '长方形' },
  rounded: { en: 'rounded rectangle', zh: '圆角矩形' },
  stadium: { en: 'capsule', zh: '胶囊形' },
  circle: { en: 'circle', zh: '圆形' },
  ellipse: { en: 'ellipse', zh: '椭圆' },
  diamond: { en: 'rhombus', zh: '菱形' },
  parallelogram: { en: 'parallelogram', zh: '平行四边形' },
  document: { en: 'wavy rectangle', zh: '波浪矩形' },
  cylinder: { en: 'drum', zh: '圆柱' },
  hexagon: { en: 'hexagon', zh: '六边形' },
  trapezoid: { en: 'trapezoid', zh: '梯形' },
}

/** As invented, some with other shapes than a flowchart has; one chart keeps one other shape for each of its own. */
function chartOf(name: string, random: Random): Chart {
  const chart = inventChart(name, random.pick(['en', 'zh'] as const), random)
  if (!random.chance(MIXED)) return chart
  const other = new Map<NodeShape | null, NodeShape>()
  for (const node of chart.nodes) {
    if (!other.has(node.shape) && random.chance(0.5)) other.set(node.shape, random.pick(OTHERS))
    node.shape = other.get(node.shape) ?? node.shape
  }
  return chart
}

function nameOf(shape: NodeShape, { rounding }: ChartStyle): Word {
  // A corner of 0.12 is not seen at the size the model looks at; one of 0.25 is what "rounded" draws.
  const seen = shape === 'rectangle' && rounding > 0.2 ? 'rounded' : shape
  const word = NAMES[seen]
  if (!word) throw new Error(`RefBox-Nano has no word for ${shape}.`)
  return word
}

async function draw(index: number) {
  const start = () => {
    const random = seededRandom(seedOf(SEED, index))
    const style = inventStyle(OPTIONS, random)
    return { style, chart: chartOf(`chart ${index}`, random), random }
  }
  const { style, chart, random } = start()
  const drawn = await drawChart(chart, style, OPTIONS, random)
  const again = start()
  const scene = layOutScene(again.chart, again.style, OPTIONS, again.random)
  const named = drawn.things.map((thing) => ({
    thing,
    word: thing.kind === 'arrow' ? LINK : nameOf(thing.kind as NodeShape, style),
  }))
  const numberOf = (id: string) => chart.nodes.findIndex((node) => node.id === id)
  const things = named
    .filter(({ thing }) => thing.kind !== 'arrow')
    .map(({ thing, word }) => ({ node: thing.index, shape: word.en, box: thing.box }))
  const links = named
    .filter(({ thing }) => thing.kind === 'arrow')
    .map(({ thing }) => {
      const edge = chart.edges[thing.index]
      const lines = scene.things.find(({ kind, index: at }) => kind === 'arrow' && at === thing.index)
      if (!edge || !lines) throw new Error(`Chart ${index} has a link without ends.`)
      return {
        from: numberOf(edge.from),
        to: numberOf(edge.to),
        box: thing.box,
        paths: lines.drawing.paths.map(({ points }) => points.map(({ x, y }) => [round(x), round(y)])),
      }
    })
  const phrases = (['en', 'zh'] as const).flatMap((language) => {
    const words = named.map(({ thing, word }) => ({ ...thing, className: word[language] }))
    const view = { chart, width: drawn.width, height: drawn.height, things: words }
    return phrasesFor(view, language).map((phrase) => ({ language, ...phrase }))
  })
  const { width, height, bytes, extension } = drawn
  const record = { width, height, filled: style.stroke === null, things, links, phrases }
  return { bytes, extension, record }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

async function hashesIn(folder: string): Promise<Set<string>> {
  const hashes = new Set<string>()
  for (const file of await readdir(folder)) hashes.add(sha256(await readFile(path.join(folder, file))))
  return hashes
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function write(stream: WriteStream, line: string): Promise<void> {
  return new Promise((resolve, reject) => stream.write(line, (error) => (error ? reject(error) : resolve())))
}

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    first: { type: 'string', default: '0' },
    count: { type: 'string', default: '6000' },
    'apart-from': { type: 'string', multiple: true, default: [] },
  },
})
if (!values.out) {
  throw new Error('Say where to: --out DIR [--first N] [--count N] [--apart-from FOLDER_OF_PICTURES].')
}
const [out, first, count] = [values.out, Number(values.first), Number(values.count)]
const kept = new Set<string>()
for (const folder of values['apart-from']) for (const hash of await hashesIn(folder)) kept.add(hash)
await mkdir(path.join(out, 'pictures'), { recursive: true })
const records = createWriteStream(path.join(out, 'charts.jsonl'), { flags: 'w' })
for (let index = first; index < first + count; index += 1) {
  const { bytes, extension, record } = await draw(index)
  const hash = sha256(bytes)
  if (kept.has(hash)) throw new Error(`Chart ${index} is among those that must not be seen.`)
  const picture = `pictures/${String(index).padStart(5, '0')}.${extension}`
  await writeFile(path.join(out, picture), bytes)
  await write(records, `${JSON.stringify({ picture, sha256: hash, ...record })}\n`)
  if ((index - first + 1) % 500 === 0) console.log(`${index - first + 1} of ${count} charts`)
}
records.end()
