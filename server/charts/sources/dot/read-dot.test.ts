import { expect, test } from 'vitest'
import { Notes, SourceRefused } from '../report.ts'
import { readDot } from './read-dot.ts'

const read = (text: string, notes = new Notes()) => {
  const [chart] = readDot(text, 'a', notes)
  if (!chart) throw new Error('no chart')
  return chart
}

test('nodes take the shape that holds where they first appear, their own attributes win', () => {
  const chart = read(`digraph {
    a
    node [shape=box]
    b; c [shape=diamond label="ok?"]
    { node [shape=cylinder] d }
    e [style="rounded,filled"]
    c [label="sure?"]
    f [shape=plaintext]
  }`)
  expect(chart.nodes.map(({ id, shape, text }) => [id, shape, text])).toEqual([
    ['a', 'ellipse', 'a'],
    ['b', 'rectangle', 'b'],
    ['c', 'diamond', 'sure?'],
    ['d', 'cylinder', 'd'],
    ['e', 'rounded', 'e'],
    ['f', null, 'f'],
  ])
})

test('edges chain, fan out and carry their label, heads and line', () => {
  const chart = read(`digraph {
    rankdir=LR
    a -> {b c} -> d [label="yes\\nno"]
    a -> d [dir=both style=dashed]
    a -> b [dir=none, penwidth=3]
    a -> c [arrowhead=dot]
  }`)
  expect(chart.direction).toBe('LR')
  expect(chart.edges.map(({ from, to, text }) => `${from}${to} ${text}`)).toEqual([
    ...['ab yes\nno', 'ac yes\nno', 'bd yes\nno', 'cd yes\nno'],
    ...['ad null', 'ab null', 'ac null'],
  ])
  expect(chart.edges.slice(4)).toMatchObject([
    { startHead: 'arrow', endHead: 'arrow', line: 'dashed' },
    { startHead: 'none', endHead: 'none', line: 'thick' },
    { startHead: 'none', endHead: 'circle', line: 'solid' },
  ])
})

test('the edges of an undirected graph have no heads', () => {
  expect(read('graph { a -- b }').edges).toMatchObject([{ startHead: 'none', endHead: 'none' }])
})

test('clusters are groups with their title, other subgraphs are not', () => {
  const chart = read(`digraph {
    w -> x
    subgraph cluster_a { label="部门 A"; x; subgraph cluster_b { y } }
    subgraph same { rank=same; z }
    subgraph cluster_empty { label="none" }
  }`)
  expect(chart.groups).toEqual([
    { id: 'cluster_a', text: '部门 A', parent: null, members: ['x'], frame: null },
    { id: 'cluster_b', text: '', parent: 'cluster_a', members: ['y'], frame: null },
  ])
})

test.each([
  ['digraph {\n a -> \n}', 'dotSyntax', 3],
  ['digraph {\n a [label=<<b>x</b>>]\n}', 'dotHtmlLabel', 2],
  ['digraph {\n\n a [shape=record label="{x|y}"]\n}', 'dotRecord', 3],
  ['digraph {\n a -> subgraph s { b }\n}', 'dotSyntax', 2],
])('%j is refused with its line', (text, reason, line) => {
  expect(() => read(text)).toThrow(SourceRefused)
  try {
    read(text)
  } catch (error) {
    expect(error).toMatchObject({ reason, line })
  }
})

test('what does not show is noted', () => {
  const notes = new Notes()
  read('digraph {\n a [shape=star color=red]\n a:n -> b\n}', notes)
  expect(notes.of('a.dot').map(({ reason, line, detail }) => [reason, line, detail])).toEqual([
    ['stylingIgnored', 2, 'color'],
    ['unknownShape', 2, 'star'],
    ['portIgnored', 3, 'a:n'],
  ])
})
