import type { SourceProblem } from '../contracts/chart.ts'
import type { Split } from '../contracts/image.ts'
import type { GroundedExpression } from '../grounding/document.ts'
import { describeChart } from './describe.ts'
import { type DrawnChart, drawChart } from './draw-chart.ts'
import { type DrawPlan, slotOf } from './draw-plan.ts'
import { tooManyShapes } from './fit-picture.ts'
import { inventChart } from './invent-chart.ts'
import { seededRandom, seedOf } from './random.ts'
import { inventStyle } from './style.ts'

export interface Picture extends Omit<DrawnChart, 'things' | 'bytes'> {
  index: number
  fileName: string
  bytes: Uint8Array
  /** Name of the chart it shows; null = an invented one. */
  source: string | null
  split: Split | null
  expressions: GroundedExpression[]
}

/** Keeps the words about a chart independent of how much chance its drawing used up. */
const WORDS_SEED = 0x5eed

/** Draws the n-th picture of a plan: the same plan gives the same bytes. @throws ChartTooLarge */
export async function drawPicture(plan: DrawPlan, index: number): Promise<Picture> {
  const { options } = plan
  const { chart: given, seedIndex, fileName, split } = slotOf(plan, index)
  const random = seededRandom(seedOf(options.seed, seedIndex))
  const style = inventStyle(options, random)
  const texts = options.texts === 'both' ? random.pick(['en', 'zh'] as const) : options.texts
  const chart = given ?? inventChart(fileName, texts, random)
  const { things, ...drawn } = await drawChart(chart, style, options, random)
  const words = seededRandom(seedOf(options.seed ^ WORDS_SEED, seedIndex))
  return {
    ...drawn,
    index,
    fileName: `${fileName}.${drawn.extension}`,
    source: given?.name ?? null,
    split,
    expressions: describeChart(chart, { ...drawn, things }, options, words),
  }
}

/** A picture, or why there is none. Plain data: between threads an error would lose its class and its name. */
export type Drawn = { picture: Picture } | { problem: SourceProblem }

/** Draws the n-th picture of a plan, or says what is wrong with its chart. */
export async function tryPicture(plan: DrawPlan, index: number): Promise<Drawn> {
  try {
    return { picture: await drawPicture(plan, index) }
  } catch (error) {
    return { problem: tooManyShapes(slotOf(plan, index).chart?.name ?? '', error) }
  }
}
