import { expect, test } from 'vitest'
import { missingGlyph } from '../text.ts'
import { noteText, problemText } from './problem-text.ts'
import { readSources } from './read-sources.ts'

const one = (name: string, text: string) => readSources([{ name, text }])

test.each([
  ['a.txt', 'graph LR\n a --> b', 'LR'],
  ['pasted', '%% a comment\nflowchart BT\n a --> b', 'BT'],
  ['pasted', 'strict digraph "my graph" { rankdir=RL a -> b }', 'RL'],
  ['pasted', '// words\ngraph { a -- b }', 'TB'],
  ['a.xml', '<?xml version="1.0"?><mxfile><diagram>x</diagram></mxfile>', null],
])('the format of %s is seen from %j', (name, text, direction) => {
  const { charts, problems } = one(name, text)
  if (direction === null) expect(problems[0]?.reason).toBe('drawioCompressed')
  else expect(charts[0]?.direction).toBe(direction)
})

test('the flowcharts of a Markdown text are read, with lines of the whole file', () => {
  const text =
    '# Title\n\n```mermaid\ngraph TD\n a --> b\n```\n\n```mermaid\npie\n```\n\n```mermaid\ngraph TD\n a ->> b\n```\n'
  expect(one('notes.md', text).problems).toEqual([
    { file: 'notes.md', line: 14, reason: 'mermaidStatement', detail: '->> b' },
  ])
  const { charts } = one('notes.md', text.replace('->>', '-->'))
  expect(charts.map(({ name }) => name)).toEqual(['notes 1', 'notes 2'])
})

test('a file with a problem does not keep the others from being read', () => {
  const { charts, problems } = readSources([
    { name: 'x/bad.dot', text: 'digraph {\n a ->\n}' },
    { name: 'good.mmd', text: 'graph TD\n a' },
    { name: 'empty.mmd', text: 'graph TD\n' },
    { name: 'words.txt', text: 'hello' },
  ])
  expect(charts.map(({ name }) => name)).toEqual(['good'])
  expect(problems.map(problemText)).toEqual([
    'x/bad.dot:3: is no DOT that can be read: unexpected "}".',
    'empty.mmd: has no flowchart with shapes in it.',
    'words.txt: is neither Mermaid, Graphviz DOT nor draw.io; it begins with “hello”. Name the file .mmd, .dot or .drawio.',
  ])
})

test('a character that the built-in fonts lack is refused, in any language they cover it is not', () => {
  expect(missingGlyph('Prüfen → 检查订单？ проверка 😀')).toBeNull()
  expect(missingGlyph('주문')).toBe('주')
  const { problems } = one('a.mmd', 'graph TD\n a[주문 확인]')
  expect(problems[0]).toMatchObject({ reason: 'missingGlyph', detail: '주 (U+C8FC): 주문 확인' })
})

test('notes say what will not show', () => {
  const { notes } = one('a.mmd', 'graph TD\n a --> b\n classDef x fill:#f00')
  expect(notes.map(noteText)).toEqual(['a.mmd:3: classDef: colours and styling are not taken over.'])
})
