import type { PhraseKind } from '../contracts/chart.ts'
import type { PromptLanguage } from '../contracts/project.ts'
import type { ChartView, NamedThing } from './describe.ts'
import type { PixelBox } from './drawing.ts'

/** A phrase that is true of exactly one thing on its picture. */
export interface Phrase {
  kind: PhraseKind
  text: string
  box: PixelBox
}

/** How far, as a share of the picture, the next one must be behind for "topmost" to be plain. */
const CLEAR_LEAD = 0.06
/** Words longer than this would make a clumsy phrase. */
const LONGEST_QUOTE = 40

type End = 'topmost' | 'lowest' | 'leftmost' | 'rightmost'

const WORDS: Record<
  PromptLanguage,
  {
    place(end: End, name: string): string
    after(name: string, quote: string): string
    before(name: string, quote: string): string
    words(name: string, quote: string): string
    between(name: string, from: string, to: string): string
    label(name: string, quote: string): string
  }
> = {
  en: {
    place: (end, name) => `the ${end} ${name}`,
    after: (name, quote) => `the ${name} after '${quote}'`,
    before: (name, quote) => `the ${name} before '${quote}'`,
    words: (name, quote) => `the ${name} that says '${quote}'`,
    between: (name, from, to) => `the ${name} from '${from}' to '${to}'`,
    label: (name, quote) => `the ${name} labelled '${quote}'`,
  },
  zh: {
    place: (end, name) =>
      `${{ topmost: '最上方', lowest: '最下方', leftmost: '最左侧', rightmost: '最右侧' }[end]}的${name}`,
    after: (name, quote) => `“${quote}”之后的${name}`,
    before: (name, quote) => `“${quote}”之前的${name}`,
    words: (name, quote) => `写着“${quote}”的${name}`,
    between: (name, from, to) => `从“${from}”到“${to}”的${name}`,
    label: (name, quote) => `标有“${quote}”的${name}`,
  },
}

/** Every phrase that can be said without doubt. */
export function phrasesFor(view: ChartView, language: PromptLanguage): Phrase[] {
  const words = WORDS[language]
  const said = [...places(view, words), ...neighbours(view, words), ...quotes(view, words)]
  // Two ways of thinking may lead to the same words; if they mean different things, neither is said.
  return said.filter(
    ({ text, box }, at) =>
      said.findIndex((other) => other.text === text) === at &&
      said.every((other) => other.text !== text || String(other.box) === String(box)),
  )
}

type Words = (typeof WORDS)[PromptLanguage]

/** "the topmost decision" and its like, only where one of several is clearly the one. */
function places({ things, width, height }: ChartView, words: Words): Phrase[] {
  const middle = ({ box }: NamedThing, axis: 0 | 1) => (box[axis] + box[(axis + 2) as 2 | 3]) / 2
  const ends: [End, (thing: NamedThing) => number][] = [
    ['topmost', (thing) => middle(thing, 1) / height],
    ['lowest', (thing) => -middle(thing, 1) / height],
    ['leftmost', (thing) => middle(thing, 0) / width],
    ['rightmost', (thing) => -middle(thing, 0) / width],
  ]
  // The middle of a bent arrow is nowhere that a person would look.
  const names = new Set(things.filter(isShape).map(({ className }) => className))
  return [...names].flatMap((name) =>
    ends.flatMap(([end, at]) => {
      const [winner, next] = things
        .filter(({ className }) => className === name)
        .toSorted((a, b) => at(a) - at(b))
      if (!winner || !next || at(next) - at(winner) < CLEAR_LEAD) return []
      return [{ kind: 'place' as const, text: words.place(end, name), box: winner.box }]
    }),
  )
}

/** "the decision after 'login'": the only one of its class that an arrow leads to from there. */
function neighbours({ chart, things }: ChartView, words: Words): Phrase[] {
  const shapes = things.filter(isShape)
  const shapeOf = (id: string) => shapes.find(({ index }) => chart.nodes[index]?.id === id)
  const ways = chart.edges.flatMap(({ from, to, startHead, endHead }) => [
    ...(endHead === 'arrow' ? [{ from, to }] : []),
    ...(startHead === 'arrow' ? [{ from: to, to: from }] : []),
  ])
  return uniqueTexts(chart.nodes).flatMap(({ id, quote }) =>
    (['after', 'before'] as const).flatMap((kind) => {
      const reached = ways.flatMap((way) => {
        const [here, there] = kind === 'after' ? [way.from, way.to] : [way.to, way.from]
        return here === id && there !== id ? [shapeOf(there)] : []
      })
      const others = [...new Set(reached)].filter((shape) => shape !== undefined)
      return others.flatMap((shape) => {
        const isOnly = others.filter(({ className }) => className === shape.className).length === 1
        return isOnly ? [{ kind, text: words[kind](shape.className, quote), box: shape.box }] : []
      })
    }),
  )
}

/** "the process that says 'Pay'", "the arrow from 'Login' to 'Paid?'", "the arrow labelled 'Yes'". */
function quotes({ chart, things }: ChartView, words: Words): Phrase[] {
  const quoteOf = new Map(uniqueTexts(chart.nodes).map(({ id, quote }) => [id, quote]))
  const labels = uniqueTexts(chart.edges.map(({ text }, at) => ({ id: String(at), text: text ?? '' })))
  return things.flatMap((thing): Phrase[] => {
    const { className, box, index } = thing
    if (isShape(thing)) {
      const quote = quoteOf.get(chart.nodes[index]?.id ?? '')
      return quote ? [{ kind: 'words', text: words.words(className, quote), box }] : []
    }
    const edge = isConnector(thing) ? chart.edges[index] : undefined
    if (!edge) return []
    const { from, to, startHead, endHead } = edge
    const found: Phrase[] = []
    const label = labels.find(({ id }) => id === String(index))
    if (label) found.push({ kind: 'label', text: words.label(className, label.quote), box })
    const [start, end] = [quoteOf.get(from), quoteOf.get(to)]
    const isOneWay = startHead === 'none' && endHead !== 'none'
    const siblings = chart.edges.filter((other) => other.from === from && other.to === to)
    if (start && end && isOneWay && siblings.length === 1 && from !== to) {
      found.push({ kind: 'between', text: words.between(className, start, end), box })
    }
    return found
  })
}

function isConnector({ kind }: NamedThing): boolean {
  return kind === 'arrow' || kind === 'line'
}

function isShape(thing: NamedThing): boolean {
  return !isConnector(thing) && thing.kind !== 'group'
}

/** Texts that stand once on the chart and can be quoted in a phrase. */
function uniqueTexts(things: readonly { id: string; text: string }[]): { id: string; quote: string }[] {
  const quotes = things.map(({ id, text }) => ({ id, quote: text.replaceAll(/\s+/g, ' ').trim() }))
  const sameAs = (quote: string) =>
    quotes.filter((other) => other.quote.toLowerCase() === quote.toLowerCase())
  return quotes.filter(
    ({ quote }) =>
      quote !== '' && quote.length <= LONGEST_QUOTE && !/[<>'“”]/.test(quote) && sameAs(quote).length === 1,
  )
}
