import type { GroundedExpression } from '../grounding/document.ts'
import { describeChart } from './describe.ts'
import { drawFlowchart, type Flowchart } from './flowchart.ts'
import { seededRandom, seedOf } from './random.ts'

export interface SampleChart {
  index: number
  fileName: string
  chart: Flowchart
  expressions: GroundedExpression[]
}

/** Charts drawn at once: encoding runs on other threads than drawing. */
const AT_ONCE = 4
/** Keeps the words about a chart independent of how much chance its drawing used up. */
const WORDS_SEED = 0x5eed

/** The charts 0..count-1 of a seed, in order, each with what is to be seen on it. */
export async function* drawSample(seed: number, count: number): AsyncGenerator<SampleChart> {
  for (let start = 0; start < count; start += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, at) => start + at)
    yield* await Promise.all(indices.map((index) => sampleChart(seed, index)))
  }
}

async function sampleChart(seed: number, index: number): Promise<SampleChart> {
  const chart = await drawFlowchart(seed, index)
  return {
    index,
    fileName: `flowchart_${String(index + 1).padStart(4, '0')}.${chart.extension}`,
    chart,
    expressions: describeChart(chart, seededRandom(seedOf(seed ^ WORDS_SEED, index))),
  }
}

/** Every fifth chart is held out. */
export function splitOf(index: number): 'train' | 'val' {
  return index % 5 === 4 ? 'val' : 'train'
}
