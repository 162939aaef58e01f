import { expect, test } from 'vitest'
import type { ChartThing } from '../contracts/chart.ts'
import type { Chart } from './chart.ts'
import type { NamedThing } from './describe.ts'
import { phrasesFor } from './phrases.ts'

const node = (id: string, shape: 'rectangle' | 'diamond', text: string) => ({ id, shape, text, frame: null })
const arrow = (from: string, to: string, text: string | null = null) =>
  ({ from, to, text, startHead: 'none', endHead: 'arrow', line: 'solid', way: null }) as const

/** Login → Paid? (yes → Send, no → Login); a second "Send" further down cannot be quoted. */
const CHART: Chart = {
  name: 'c',
  direction: 'TB',
  nodes: [
    node('a', 'rectangle', 'Login'),
    node('b', 'diamond', 'Paid?'),
    node('c', 'rectangle', 'Send'),
    node('d', 'rectangle', 'Send'),
  ],
  edges: [arrow('a', 'b'), arrow('b', 'c', 'yes'), arrow('b', 'a', 'no'), arrow('c', 'd')],
  groups: [],
}
const thing = (kind: ChartThing, className: string, index: number, y: number): NamedThing => ({
  kind,
  className,
  index,
  box: [100, y, 200, y + 50],
})
const THINGS = [
  thing('rectangle', 'process', 0, 0),
  thing('diamond', 'decision', 1, 200),
  thing('rectangle', 'process', 2, 400),
  thing('rectangle', 'process', 3, 600),
  ...CHART.edges.map((_, index) => thing('arrow', 'arrow', index, 100 + index)),
]

test('phrases are exactly those that are true of one thing', () => {
  const found = phrasesFor({ chart: CHART, width: 300, height: 700, things: THINGS }, 'en')
  expect(Object.fromEntries(found.map(({ text, box }) => [text, box[1]]))).toEqual({
    'the topmost process': 0,
    'the lowest process': 600,
    "the decision after 'Login'": 200,
    "the decision before 'Login'": 200,
    "the process before 'Paid?'": 0,
    "the process that says 'Login'": 0,
    "the decision that says 'Paid?'": 200,
    "the arrow from 'Login' to 'Paid?'": 100,
    "the arrow from 'Paid?' to 'Login'": 102,
    "the arrow labelled 'yes'": 101,
    "the arrow labelled 'no'": 102,
  })
})

test('in Chinese they are said the Chinese way', () => {
  const things = THINGS.map((one) => ({ ...one, className: one.kind === 'diamond' ? '判断' : one.className }))
  const texts = phrasesFor({ chart: CHART, width: 300, height: 700, things }, 'zh').map(({ text }) => text)
  expect(texts).toContain('“Login”之后的判断')
  expect(texts).toContain('写着“Paid?”的判断')
})
