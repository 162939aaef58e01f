import { describe, expect, it } from 'vitest'
import { aBox, anExpression } from '../testing/records.ts'
import { docFrom } from './doc.ts'
import { listEntries } from './entries.ts'

const labels = [
  { name: 'dog', colour: '#111111' },
  { name: 'cat', colour: '#222222' },
]
const cat = anExpression({ text: 'cat' })
const phrase = anExpression({ text: 'the lazy one', kind: 'phrase' })
const fox = anExpression({ text: 'fox' })
const doc = docFrom(
  { expressions: [phrase, cat, fox], boxes: [aBox([cat]), aBox([cat, phrase])] },
  {
    width: 500,
    height: 500,
  },
)

describe('the list of expressions', () => {
  it('begins with the classes of the project in their own order, so that keys keep their meaning', () => {
    const lines = listEntries(doc, [{ kind: 'phrase', text: 'not drawn' }], labels)
    expect(lines.map(({ digit, text, state, boxes }) => [digit, text, state, boxes])).toEqual([
      [1, 'dog', 'unused', 0],
      [2, 'cat', 'boxes', 2],
      [3, 'fox', 'negative', 0],
      [4, 'the lazy one', 'boxes', 1],
      [5, 'not drawn', 'draft', 0],
    ])
    expect(lines.slice(0, 2).map((line) => line.colour)).toEqual(['#111111', '#222222'])
  })

  it('shows a typed class of the project once, and gives keys to nine lines only', () => {
    const many = Array.from({ length: 12 }, (_, n) => ({ name: `class ${n}`, colour: '#333333' }))
    const lines = listEntries(doc, [{ kind: 'class', text: 'class 3' }], many)
    expect(lines.filter((line) => line.text === 'class 3')).toHaveLength(1)
    expect(lines.filter((line) => line.digit !== null)).toHaveLength(9)
  })
})
