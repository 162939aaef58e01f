import type { PromptLanguage } from '../contracts/project.ts'
import type { Chart, ChartEdge } from './chart.ts'
import type { Random } from './random.ts'
import { type InventedShape, VOCABULARY, wordsFor } from './words.ts'

/** How many shapes: few and large ones, so that a picture still reads at 112 to 224 pixels. */
const COUNTS = [3, 3, 4, 4, 4, 5, 5, 5, 6, 7] as const

/** Invents a chart: a spine of steps from start to end, often with a decision that leads off it. */
export function inventChart(name: string, language: PromptLanguage, random: Random): Chart {
  const count = random.pick(COUNTS)
  const sideNodes = count >= 5 ? random.integer(1, count >= 6 ? 2 : 1) : random.integer(0, count - 3)
  const spine = count - sideNodes
  // A long row of steps would be a thin strip of small shapes.
  const direction = count <= 4 && random.chance(0.5) ? 'LR' : 'TB'
  const chart: Chart = { name, direction, nodes: [], edges: [], groups: [] }
  const add = (shape: InventedShape, place: 'first' | 'inner' | 'last') => {
    const id = idOf(chart.nodes.length)
    chart.nodes.push({ id, shape, text: wordsFor(shape, place, language, random), frame: null })
    return chart.nodes.length - 1
  }
  const { yes, no } = VOCABULARY[language]
  const decisionAt = sideNodes > 0 || random.chance(0.6) ? random.integer(1, spine - 2) : -1
  for (let step = 0; step < spine; step += 1) {
    if (step === 0) add(random.chance(0.75) ? 'stadium' : 'parallelogram', 'first')
    else if (step === spine - 1) add(random.chance(0.75) ? 'stadium' : 'document', 'last')
    else add(step === decisionAt ? 'diamond' : innerShape(random), 'inner')
  }
  const [ahead, aside] = random.chance(0.8) ? [yes, no] : [no, yes]
  for (let step = 0; step + 1 < spine; step += 1) {
    chart.edges.push(arrow(step, step + 1, step === decisionAt ? ahead : null))
  }
  if (decisionAt < 0) return withSecondWays(chart, spine, language)
  let from = decisionAt
  for (let side = 0; side < sideNodes; side += 1) {
    const isLast = side === sideNodes - 1
    const ends = isLast && random.chance(0.4)
    const node = ends ? add('stadium', 'last') : add(innerShape(random), 'inner')
    chart.edges.push(arrow(from, node, from === decisionAt ? aside : null))
    if (isLast && !ends) chart.edges.push(arrow(node, rejoin(decisionAt, spine, random), null))
    from = node
  }
  return withSecondWays(chart, spine, language)
}

/** A question has two answers: a decision with one way out gets another, back to repeat or on to the end. */
function withSecondWays(chart: Chart, spine: number, language: PromptLanguage): Chart {
  const { yes, no } = VOCABULARY[language]
  chart.nodes.forEach((node, index) => {
    const ways = chart.edges.filter((edge) => edge.from === node.id)
    const [only] = ways
    if (node.shape !== 'diamond' || !only || ways.length > 1) return
    only.text ??= yes
    const before = chart.edges.find((edge) => edge.to === node.id)?.from ?? idOf(0)
    const end = spine - 1
    const to = only.to === idOf(end) || before !== idOf(0) ? Number(before.slice(1)) : end
    chart.edges.push(arrow(index, to, only.text === yes ? no : yes))
  })
  return chart
}

function idOf(index: number): string {
  return `n${index}`
}

function arrow(from: number, to: number, text: string | null): ChartEdge {
  const ends = { from: idOf(from), to: idOf(to), startHead: 'none', endHead: 'arrow' } as const
  return { ...ends, text, line: 'solid', way: null }
}

function innerShape(random: Random): InventedShape {
  return random.pick(['rectangle', 'rectangle', 'rectangle', 'parallelogram', 'document', 'diamond'] as const)
}

/** Where a detour comes back: after the decision, or before it (a loop) when there is a step to repeat. */
function rejoin(decision: number, spine: number, random: Random): number {
  return decision > 1 && random.chance(0.35) ? decision - 1 : random.integer(decision + 1, spine - 1)
}
