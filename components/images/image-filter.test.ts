import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ImageFilter } from '../../server/contracts/image.ts'
import {
  COMMENT_VALUES,
  formatFilter,
  parseFilter,
  SPLIT_VALUES,
  STATUS_VALUES,
  SUGGESTION_VALUES,
} from './image-filter.ts'

const words = (limit: number) =>
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.trim().slice(0, limit).trim())

const filters: fc.Arbitrary<ImageFilter> = fc.record({
  name: words(200),
  text: words(500),
  expression: words(500),
  status: fc.constantFrom(null, ...STATUS_VALUES),
  assignee: words(200),
  comments: fc.constantFrom(null, ...COMMENT_VALUES),
  suggestions: fc.constantFrom(null, ...SUGGESTION_VALUES),
  split: fc.constantFrom(null, ...SPLIT_VALUES),
})

test('every filter survives being written into the address and read again', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(parseFilter(formatFilter(filter))).toEqual({ filter, problems: [] })
    }),
  )
})

test('whatever somebody types is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (source) => {
      expect(() => parseFilter(source)).not.toThrow()
    }),
  )
})

test('the parts of a filter may stand in any order', () => {
  const { filter } = parseFilter(
    'IMG_00 status:done label:"red valve" 12 split:none assignee:"Ada Lovelace" comments:open',
  )
  expect(filter).toEqual({
    name: 'IMG_00 12',
    text: '',
    expression: 'red valve',
    status: 'done',
    assignee: 'Ada Lovelace',
    comments: 'open',
    suggestions: null,
    split: 'none',
  })
})

test('a key without its value is still being typed', () => {
  expect(parseFilter('cat label:')).toEqual({ filter: ImageFilter.parse({ name: 'cat' }), problems: [] })
  expect(parseFilter('label:"red').filter.expression).toBe('red')
})

test('a part that cannot be used is reported, not dropped', () => {
  expect(parseFilter('status:finished split:val split:train').problems).toEqual([
    { kind: 'unknownValue', key: 'status', value: 'finished' },
    { kind: 'repeated', key: 'split', value: 'train' },
  ])
})

test('a word with a colon that is no key is looked for as it stands', () => {
  expect(parseFilter('camera:3 https://x').filter.name).toBe('camera:3 https://x')
})
