import type { Random } from './random.ts'
import { wordsFor } from './words.ts'

/** The shapes of ISO 5807 that a reader meets most; their names are the labels of the sample project. */
export const NODE_KINDS = ['process', 'decision', 'terminator', 'data', 'document'] as const
export type NodeKind = (typeof NODE_KINDS)[number]

export interface ChartNode {
  kind: NodeKind
  text: string
}

export interface ChartEdge {
  from: number
  to: number
  /** "Yes" or "No" at the way out of a decision. */
  text: string | null
}

export interface Chart {
  nodes: ChartNode[]
  edges: ChartEdge[]
}

/** How many shapes: few and large ones, so that a picture still reads at 112 to 224 pixels. */
const COUNTS = [3, 3, 4, 4, 4, 5, 5, 5, 6, 7] as const

/** Invents a chart: a spine of steps from start to end, often with a decision that leads off it. */
export function inventChart(random: Random): Chart {
  const count = random.pick(COUNTS)
  const sideNodes = count >= 5 ? random.integer(1, count >= 6 ? 2 : 1) : random.integer(0, count - 3)
  const spine = count - sideNodes
  const chart: Chart = { nodes: [], edges: [] }
  const add = (kind: NodeKind, place: 'first' | 'inner' | 'last') => {
    chart.nodes.push({ kind, text: wordsFor(kind, place, random) })
    return chart.nodes.length - 1
  }
  const decisionAt = sideNodes > 0 || random.chance(0.6) ? random.integer(1, spine - 2) : -1
  for (let step = 0; step < spine; step += 1) {
    if (step === 0) add(random.chance(0.75) ? 'terminator' : 'data', 'first')
    else if (step === spine - 1) add(random.chance(0.75) ? 'terminator' : 'document', 'last')
    else add(step === decisionAt ? 'decision' : innerKind(random), 'inner')
  }
  const yes = random.chance(0.8)
  for (let step = 0; step + 1 < spine; step += 1) {
    chart.edges.push({ from: step, to: step + 1, text: step === decisionAt ? (yes ? 'Yes' : 'No') : null })
  }
  if (decisionAt < 0) return withSecondWays(chart, spine)
  let from = decisionAt
  for (let side = 0; side < sideNodes; side += 1) {
    const isLast = side === sideNodes - 1
    const ends = isLast && random.chance(0.4)
    const node = ends ? add('terminator', 'last') : add(innerKind(random), 'inner')
    chart.edges.push({ from, to: node, text: from === decisionAt ? (yes ? 'No' : 'Yes') : null })
    if (isLast && !ends) chart.edges.push({ from: node, to: rejoin(decisionAt, spine, random), text: null })
    from = node
  }
  return withSecondWays(chart, spine)
}

/** A question has two answers: a decision with one way out gets another, back to repeat or on to the end. */
function withSecondWays(chart: Chart, spine: number): Chart {
  chart.nodes.forEach((node, index) => {
    const ways = chart.edges.filter((edge) => edge.from === index)
    const [only] = ways
    if (node.kind !== 'decision' || !only || ways.length > 1) return
    only.text ??= 'Yes'
    const before = chart.edges.find((edge) => edge.to === index)?.from ?? 0
    const end = spine - 1
    const to = only.to === end || before > 0 ? before : end
    chart.edges.push({ from: index, to, text: only.text === 'Yes' ? 'No' : 'Yes' })
  })
  return chart
}

function innerKind(random: Random): NodeKind {
  return random.pick(['process', 'process', 'process', 'data', 'document', 'decision'] as const)
}

/** Where a detour comes back: after the decision, or before it (a loop) when there is a step to repeat. */
function rejoin(decision: number, spine: number, random: Random): number {
  return decision > 1 && random.chance(0.35) ? decision - 1 : random.integer(decision + 1, spine - 1)
}
