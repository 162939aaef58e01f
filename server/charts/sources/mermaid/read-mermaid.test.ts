import { describe, expect, test } from 'vitest'
import { Notes, SourceRefused } from '../report.ts'
import { readMermaid } from './read-mermaid.ts'

const read = (text: string) => readMermaid(text, 'a', new Notes())
const shapes = (text: string) => Object.fromEntries(read(text).nodes.map(({ id, shape }) => [id, shape]))
const refusal = (text: string) => {
  try {
    read(text)
  } catch (error) {
    if (error instanceof SourceRefused) return [error.reason, error.line, error.detail]
    throw error
  }
  return null
}

test('every bracket means its shape', () => {
  const text = `flowchart TD
    a[A]
    b(B)
    c([C])
    d[[D]]
    e[(E)]
    f((F))
    g(((G)))
    h{H}
    i{{I}}
    j[/J/]
    k[\\K\\]
    l[/L\\]
    m[\\M/]
    n>N]
    o@{ shape: doc, label: "O" }
    p`
  expect(shapes(text)).toEqual({
    a: 'rectangle',
    b: 'rounded',
    c: 'stadium',
    d: 'subroutine',
    e: 'cylinder',
    f: 'circle',
    g: 'doubleCircle',
    h: 'diamond',
    i: 'hexagon',
    j: 'parallelogram',
    k: 'parallelogramAlt',
    l: 'trapezoid',
    m: 'trapezoidAlt',
    n: 'flag',
    o: 'document',
    p: 'rectangle',
  })
  expect(
    read(text)
      .nodes.map((node) => node.text)
      .join(''),
  ).toBe('ABCDEFGHIJKLMNOp')
})

test.each([
  ['-->', 'none', 'arrow', 'solid', null],
  ['---->', 'none', 'arrow', 'solid', null],
  ['---', 'none', 'none', 'solid', null],
  ['-.->', 'none', 'arrow', 'dashed', null],
  ['-.-', 'none', 'none', 'dashed', null],
  ['-..->', 'none', 'arrow', 'dashed', null],
  ['==>', 'none', 'arrow', 'thick', null],
  ['===', 'none', 'none', 'thick', null],
  ['--o', 'none', 'circle', 'solid', null],
  ['--x', 'none', 'cross', 'solid', null],
  ['<-->', 'arrow', 'arrow', 'solid', null],
  ['o--o', 'circle', 'circle', 'solid', null],
  ['-->|yes|', 'none', 'arrow', 'solid', 'yes'],
  ['-->|"a | b"|', null, null, null, null],
  ['-- no way -->', 'none', 'arrow', 'solid', 'no way'],
  ['-. maybe .->', 'none', 'arrow', 'dashed', 'maybe'],
  ['== sure ==>', 'none', 'arrow', 'thick', 'sure'],
  ['-- plain ---', 'none', 'none', 'solid', 'plain'],
  ['e1@-->', 'none', 'arrow', 'solid', null],
])('a %s b', (link, startHead, endHead, line, text) => {
  if (startHead === null) {
    expect(refusal(`graph LR\n a ${link} b`)).not.toBeNull()
    return
  }
  expect(read(`graph LR\n a ${link} b`).edges).toEqual([
    { from: 'a', to: 'b', startHead, endHead, line, text, way: null },
  ])
  if (!link.startsWith('o') && !link.startsWith('e')) {
    expect(read(`graph LR\na${link}b`).edges[0]).toMatchObject({ startHead, endHead, line, text })
  }
})

test('chains and & make every pair', () => {
  const pairs = read('graph LR; a --> b & c --> d; d-->a').edges.map(({ from, to }) => from + to)
  expect(pairs).toEqual(['ab', 'ac', 'bd', 'cd', 'da'])
})

test('subgraphs nest, name themselves and can be the end of an arrow', () => {
  const chart = read(`flowchart LR
    start --> one
    subgraph one [First part]
      a --> b
      subgraph Inner part
        c
      end
    end
    one --> d`)
  expect(chart.groups).toMatchObject([
    { id: 'one', text: 'First part', parent: null, members: ['a', 'b'] },
    { id: 'Inner part', text: 'Inner part', parent: 'one', members: ['c'] },
  ])
  expect(chart.nodes.map(({ id }) => id)).toEqual(['start', 'a', 'b', 'c', 'd'])
  expect(chart.edges.map(({ from, to }) => `${from}-${to}`)).toEqual(['start-one', 'a-b', 'one-d'])
})

test('texts may be quoted, hold entities and line breaks, and be Chinese', () => {
  const chart = read(
    'graph TD\n  a["f(x) #gt; 0 #quot;ok#quot;"] --> 登录{"已登录？<br/>检查"}\n b["`**bold** text`"]',
  )
  expect(chart.nodes.map(({ text }) => text)).toEqual(['f(x) > 0 "ok"', '已登录？\n检查', 'bold text'])
  expect(chart.edges[0]).toMatchObject({ from: 'a', to: '登录' })
})

test('comments, directives and the front matter are passed over, and styling is noted with its line', () => {
  const notes = new Notes()
  const text = `---
title: x
---
%%{init: {"theme": "dark"}}%%
flowchart RL
  %% a comment --> b
  a:::warm --> b ~~~ c
  classDef warm fill:#f96
  subgraph s
    direction LR
    d
  end`
  const chart = readMermaid(text, 'a', notes)
  expect(chart.direction).toBe('RL')
  expect(chart.edges).toHaveLength(1)
  expect(notes.of('a.mmd').map(({ reason, line }) => [reason, line])).toEqual([
    ['stylingIgnored', 7],
    ['invisibleLink', 7],
    ['stylingIgnored', 8],
    ['groupDirectionIgnored', 10],
  ])
})

describe('what is wrong is named with its line', () => {
  test.each([
    ['sequenceDiagram\n a->>b: hi', 'mermaidKind', 1],
    ['flowchart XY\n a', 'mermaidDirection', 1],
    ['graph TD\n a --> b\n b --> ', 'mermaidDangling', 3],
    ['graph TD\n a --> b\n b -->\n\n', 'mermaidDangling', 3],
    ['graph TD\n a --> \n ) --> b', 'mermaidStatement', 3],
    ['graph TD\n\n a[never closed', 'mermaidUnclosed', 3],
    ['graph TD\n a[f(x)] --> b', 'mermaidBracket', 2],
    ['graph TD\n a@{ shape: banana }', 'mermaidShape', 2],
    ['graph TD\n subgraph one\n a\n', 'mermaidNoEnd', 2],
    ['graph TD\n a\n end', 'mermaidExtraEnd', 3],
    ['graph TD\n a ->> b', 'mermaidStatement', 2],
  ])('%j', (text, reason, line) => {
    expect(refusal(text)?.slice(0, 2)).toEqual([reason, line])
  })
})
