import type { GroundedExpression } from '../grounding/document.ts'
import { NODE_KINDS } from './chart.ts'
import type { DrawnShape, Flowchart } from './flowchart.ts'
import type { Random } from './random.ts'

/** Share of the charts that also carry a phrase, where one can be said without doubt. */
const PHRASE_SHARE = 0.35
/** Share of the charts that state which kind of shape they do not have. */
const NEGATIVE_SHARE = 0.15
/** How far, as a share of the picture, the next shape must be behind for "topmost" to be plain. */
const CLEAR_LEAD = 0.06

/** What a careful person would annotate: every kind of shape there is, some phrases, some negatives. */
export function describeChart(chart: Flowchart, random: Random): GroundedExpression[] {
  const shapes = chart.shapes.toSorted(inReadingOrder)
  const classes = NODE_KINDS.map((kind) => shapes.filter((shape) => shape.kind === kind))
  const expressions = classes
    .filter((group) => group.length > 0)
    .toSorted(([a], [b]) => (a && b ? inReadingOrder(a, b) : 0))
    .map((group): GroundedExpression => {
      const text = group[0]?.kind ?? ''
      return { kind: 'class', text, boxes: group.map((shape) => shape.box) }
    })
  const phrases = classes.flatMap((group) => plainPhrases(group, chart))
  if (phrases.length > 0 && random.chance(PHRASE_SHARE)) expressions.push(random.pick(phrases))
  const absent = NODE_KINDS.filter((kind) => !shapes.some((shape) => shape.kind === kind))
  if (absent.length > 0 && random.chance(NEGATIVE_SHARE)) {
    expressions.push({ kind: 'class', text: random.pick(absent), boxes: [] })
  }
  return expressions
}

function inReadingOrder(a: DrawnShape, b: DrawnShape): number {
  return a.box[1] - b.box[1] || a.box[0] - b.box[0]
}

/** "the topmost decision" and its like, only where one of several shapes is clearly the one. */
function plainPhrases(group: DrawnShape[], chart: Flowchart): GroundedExpression[] {
  const [first] = group
  if (!first || group.length < 2) return []
  const ends = [
    { word: 'topmost', at: (shape: DrawnShape) => middle(shape, 1) / chart.height },
    { word: 'lowest', at: (shape: DrawnShape) => -middle(shape, 1) / chart.height },
    { word: 'leftmost', at: (shape: DrawnShape) => middle(shape, 0) / chart.width },
    { word: 'rightmost', at: (shape: DrawnShape) => -middle(shape, 0) / chart.width },
  ]
  return ends.flatMap(({ word, at }) => {
    const [winner, next] = group.toSorted((a, b) => at(a) - at(b))
    if (!winner || !next || at(next) - at(winner) < CLEAR_LEAD) return []
    return [{ kind: 'phrase' as const, text: `the ${word} ${first.kind}`, boxes: [winner.box] }]
  })
}

function middle({ box }: DrawnShape, axis: 0 | 1): number {
  return (box[axis] + box[(axis + 2) as 2 | 3]) / 2
}
