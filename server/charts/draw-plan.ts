import type { ChartSource, ChartThing, DrawOptions, SourceNote, SourceProblem } from '../contracts/chart.ts'
import type { Split } from '../contracts/image.ts'
import { StudioError } from '../errors.ts'
import { type Chart, isArrow } from './chart.ts'
import { tooManyShapes } from './fit-picture.ts'
import { seededRandom } from './random.ts'
import { layOutScene } from './scene.ts'
import { problemText } from './sources/problem-text.ts'
import { readSources } from './sources/read-sources.ts'
import { inventStyle } from './style.ts'
import { INVENTED_SHAPES } from './words.ts'

/** Everything that decides what is drawn. Plain data, so that it can go to another thread. */
export interface DrawPlan {
  /** Its classes are only those that occur: nobody is asked for what no picture of the set has. */
  options: DrawOptions
  /** Charts of the sources; invented ones come after them. */
  charts: Chart[]
}

export interface CheckedPlan {
  plan: DrawPlan
  problems: SourceProblem[]
  notes: SourceNote[]
}

/** From this many shapes on it is tried whether the text will be legible. */
const CROWD = 40

/** Reads the sources and says what is wrong with them. */
export function checkPlan(sources: readonly ChartSource[], options: DrawOptions): CheckedPlan {
  const { charts, problems, notes } = readSources(sources)
  const crowded = charts.flatMap((chart) => crowdProblem(chart, options) ?? [])
  return { plan: newPlan(charts, options), problems: [...problems, ...crowded], notes }
}

export function newPlan(charts: Chart[], options: DrawOptions): DrawPlan {
  const occurring = new Set<ChartThing>(options.random > 0 ? [...INVENTED_SHAPES, 'arrow'] : [])
  for (const { nodes, edges, groups } of charts) {
    for (const { shape } of nodes) if (shape) occurring.add(shape)
    for (const edge of edges) occurring.add(isArrow(edge) ? 'arrow' : 'line')
    if (groups.length > 0) occurring.add('group')
  }
  const classes = options.classes.filter(({ things }) => things.some((thing) => occurring.has(thing)))
  return { charts, options: { ...options, classes } }
}

/** @throws StudioError BAD_FILE with the problems as `details`, BAD_REQUEST when nothing would be drawn */
export function soundPlan(sources: readonly ChartSource[], options: DrawOptions): CheckedPlan {
  const checked = checkPlan(sources, options)
  const [first] = checked.problems
  if (first) {
    const more = checked.problems.length - 1
    throw new StudioError('BAD_FILE', {
      message: `${problemText(first)}${more > 0 ? ` (And ${more} more problems.)` : ''}`,
      details: { problems: checked.problems },
    })
  }
  if (pictureCount(checked.plan) === 0) {
    throw new StudioError('BAD_REQUEST', {
      message: 'There is nothing to draw: give charts, or a number of random ones.',
    })
  }
  return checked
}

function crowdProblem(chart: Chart, options: DrawOptions): SourceProblem | null {
  if (chart.nodes.length < CROWD) return null
  const random = seededRandom(options.seed)
  try {
    layOutScene(chart, inventStyle(options, random), options, random)
    return null
  } catch (error) {
    return tooManyShapes(chart.name, error)
  }
}

export function pictureCount({ options, charts }: DrawPlan): number {
  return charts.length * options.copies + options.random
}

/** What the n-th picture of a plan shows. */
export interface PictureSlot {
  /** null = an invented one. */
  chart: Chart | null
  /** Tells pictures of one plan apart, and stays the same when others are added. */
  seedIndex: number
  fileName: string
  /** null = left for a person: no annotations, no split. */
  split: Split | null
}

/** Apart from the numbers of invented charts, so that the two never share a seed. */
const SOURCE_SEEDS = 0x40000000

export function slotOf(plan: DrawPlan, index: number): PictureSlot {
  const { charts, options } = plan
  const ofSources = charts.length * options.copies
  const at = Math.floor(index / options.copies)
  const chart = index < ofSources ? (charts[at] ?? null) : null
  // All copies of a chart are in the same split: else the held-out ones would have been seen.
  const chartNumber = chart ? at : charts.length + index - ofSources
  const count = pictureCount(plan)
  const isBare = index >= count - Math.round(options.unannotated * count)
  const number = String(index + 1).padStart(4, '0')
  return {
    chart,
    seedIndex: chart ? SOURCE_SEEDS + index : index - ofSources,
    fileName: `${chart ? fileWord(chart.name) : 'flowchart'}_${number}`,
    split: isBare ? null : splitOf(chartNumber),
  }
}

/** Every fifth chart is held out. */
function splitOf(chartNumber: number): Split {
  return chartNumber % 5 === 4 ? 'val' : 'train'
}

function fileWord(name: string): string {
  const word = name.replaceAll(/[^\p{L}\p{N}-]+/gu, '_').replaceAll(/^_+|_+$/g, '')
  return word.slice(0, 60) || 'chart'
}
