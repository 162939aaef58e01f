import type { DrawOptions } from '../contracts/chart.ts'
import type { PromptLanguage } from '../contracts/project.ts'
import type { GroundedExpression } from '../grounding/document.ts'
import type { Chart } from './chart.ts'
import type { DrawnThing } from './draw-chart.ts'
import { phrasesFor } from './phrases.ts'
import type { Random } from './random.ts'

/** How many phrases a picture gets, by the choice of the options: each number as likely as the others. */
const PHRASES: Record<DrawOptions['phrases'], readonly number[]> = {
  none: [0],
  some: [0, 0, 1],
  many: [1, 2, 3],
}
/** Share of the pictures that state which class they do not show. */
const NEGATIVE_SHARE = 0.15

/** What a drawn chart shows: everything that words about it need. */
export interface ChartView {
  chart: Chart
  width: number
  height: number
  /** Only things that belong to a class. */
  things: NamedThing[]
}

export interface NamedThing extends DrawnThing {
  /** Name of its class in the language of the words. */
  className: string
}

/** What a careful person would annotate: every class there is, some phrases, some negatives. */
export function describeChart(
  chart: Chart,
  drawn: { width: number; height: number; things: readonly DrawnThing[] },
  options: Pick<DrawOptions, 'classes' | 'language' | 'phrases' | 'phraseKinds' | 'negatives'>,
  random: Random,
): GroundedExpression[] {
  const names = options.classes.map(({ names }) => names[options.language])
  const { width, height } = drawn
  const things = named(drawn.things, options.classes, options.language).toSorted(inReadingOrder)
  const groups = names
    .map((text) => ({ text, things: things.filter(({ className }) => className === text) }))
    .filter(({ things: members }) => members.length > 0)
  const expressions = groups
    .toSorted((a, b) => (a.things[0] && b.things[0] ? inReadingOrder(a.things[0], b.things[0]) : 0))
    .map(
      ({ text, things: members }): GroundedExpression => ({
        kind: 'class',
        text,
        boxes: members.map(({ box }) => box),
      }),
    )
  const wanted = random.pick(PHRASES[options.phrases])
  const phrases = phrasesFor({ chart, width, height, things }, options.language).filter(({ kind }) =>
    options.phraseKinds.includes(kind),
  )
  // A class with few pictures would rarely be spoken of if every phrase were as likely as the others.
  for (const kind of random.shuffle([...new Set(phrases.map((phrase) => phrase.kind))]).slice(0, wanted)) {
    const { text, box } = random.pick(phrases.filter((phrase) => phrase.kind === kind))
    expressions.push({ kind: 'phrase', text, boxes: [box] })
  }
  const absent = names.filter((name) => !groups.some(({ text }) => text === name))
  const negative = random.chance(NEGATIVE_SHARE) && absent.length > 0 ? random.pick(absent) : null
  if (negative && options.negatives) expressions.push({ kind: 'class', text: negative, boxes: [] })
  return expressions
}

function named(
  things: readonly DrawnThing[],
  classes: DrawOptions['classes'],
  language: PromptLanguage,
): NamedThing[] {
  return things.flatMap((thing) => {
    const owner = classes.find((candidate) => candidate.things.includes(thing.kind))
    return owner ? [{ ...thing, className: owner.names[language] }] : []
  })
}

function inReadingOrder(a: DrawnThing, b: DrawnThing): number {
  return a.box[1] - b.box[1] || a.box[0] - b.box[0]
}
