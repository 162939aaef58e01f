import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ImageFilter, LEAST_IOU } from '../../server/contracts/image.ts'
import {
  COMMENT_VALUES,
  formatFilter,
  parseFilter,
  SPLIT_VALUES,
  STATUS_VALUES,
  SUGGESTION_VALUES,
} from './image-filter.ts'

/** What people type, and what could be taken for something else. */
const words = (limit: number) =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc
        .array(
          fc.constantFrom(
            '-',
            'label:',
            'a',
            '"',
            '\\',
            ' ',
            'boxes>3',
            'iou<.5',
            'unreviewed',
            'x=1',
            '：',
            '~',
          ),
          {
            maxLength: 6,
          },
        )
        .map((parts) => parts.join('')),
    )
    .map((text) => text.trim().slice(0, limit).trim())

const parts = {
  text: words(500),
  expression: words(500),
  status: fc.constantFrom(null, ...STATUS_VALUES),
  assignee: words(200),
  by: words(200),
  comments: fc.constantFrom(null, ...COMMENT_VALUES),
  suggestions: fc.constantFrom(null, ...SUGGESTION_VALUES),
  split: fc.constantFrom(null, ...SPLIT_VALUES),
}
const filters: fc.Arbitrary<ImageFilter> = fc.record({
  ...parts,
  name: words(200),
  minBoxes: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
  maxBoxes: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
  iouBelow: fc.option(fc.double({ min: LEAST_IOU, max: 1, noNaN: true })),
  not: fc.record(parts),
})

const read = (source: string) => parseFilter(source).filter
const filter = (part: Partial<ImageFilter>) => ImageFilter.parse(part)

test('every filter survives being written into the address and read again', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(parseFilter(formatFilter(filter))).toEqual({ filter, problems: [] })
    }),
    { numRuns: 1000 },
  )
})

test('what was typed, written again, means the same', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), words(300)), (source) => {
      const { filter } = parseFilter(source)
      expect(parseFilter(formatFilter(filter))).toEqual({ filter, problems: [] })
    }),
    { numRuns: 1000 },
  )
})

test('the parts of a filter may stand in any order', () => {
  expect(
    read(
      'IMG_00 status:done label:"red valve" boxes>3 12 split:none by:bo assignee:"Ada Lovelace" comments:open',
    ),
  ).toEqual(
    filter({
      name: 'IMG_00 12',
      expression: 'red valve',
      status: 'done',
      assignee: 'Ada Lovelace',
      by: 'bo',
      comments: 'open',
      split: 'none',
      minBoxes: 4,
    }),
  )
})

test.each([
  ['boxes>3', { minBoxes: 4 }],
  ['boxes>=3', { minBoxes: 3 }],
  ['boxes>=0', {}],
  ['boxes<3', { maxBoxes: 2 }],
  ['boxes<=3', { maxBoxes: 3 }],
  ['boxes=3', { minBoxes: 3, maxBoxes: 3 }],
  ['boxes:3', { minBoxes: 3, maxBoxes: 3 }],
  ['boxes=0', { maxBoxes: 0 }],
  ['boxes>2 boxes<9', { minBoxes: 3, maxBoxes: 8 }],
])('boxes are counted: %s', (source, part) => {
  expect(parseFilter(source)).toEqual({ filter: filter(part), problems: [] })
})

test.each([
  ['iou<0.5', 0.5],
  ['iou:0.5', 0.5],
  ['iou＜.25', 0.25],
  ['iou<1', 1],
  ['iou<0.123456789', 0.123456789],
])('answers of a tuned model are asked for below a value: %s', (source, iouBelow) => {
  expect(parseFilter(source)).toEqual({ filter: filter({ iouBelow }), problems: [] })
})

test('what has a minus before it is ruled out, beside what is asked for', () => {
  expect(read('label:process -label:decision -status:accepted -split:val -text~valve -by:me')).toEqual(
    filter({
      expression: 'process',
      not: filter({ expression: 'decision', status: 'accepted', split: 'val', text: 'valve', by: 'me' }),
    }),
  )
})

test('words stand for what they name, and in quotes for themselves', () => {
  expect(read('unreviewed cat')).toEqual(filter({ status: 'done', name: 'cat' }))
  expect(read('"unreviewed"')).toEqual(filter({ name: 'unreviewed' }))
})

test('a colon is understood after every key, and so are the signs of a Chinese keyboard', () => {
  expect(read('text:valve')).toEqual(read('text~valve'))
  expect(read('label：决策 boxes＞3')).toEqual(filter({ expression: '决策', minBoxes: 4 }))
})

test('a key without its value is still being typed', () => {
  expect(parseFilter('cat label:')).toEqual({ filter: filter({ name: 'cat' }), problems: [] })
  expect(parseFilter('boxes> iou<')).toEqual({ filter: filter({}), problems: [] })
  expect(read('label:"red').expression).toBe('red')
})

test('a part that cannot be used is reported with what could stand there, not dropped', () => {
  const problems = (source: string) =>
    parseFilter(source).problems.map(({ kind, key, value, known }) => [kind, key, value, known.join(' ')])
  expect(problems('status:finished split:val split:train')).toEqual([
    ['unknownValue', 'status', 'finished', 'new in_work done accepted returned unfinished'],
    ['repeated', 'split', 'train', ''],
  ])
  const keys = 'label text boxes iou status split by assignee comments suggestions'
  expect(problems('lable:decision area<0.5 -boxes>3 -iou<0.5')).toEqual([
    ['unknownKey', 'lable', 'decision', keys],
    ['unknownKey', 'area', '0.5', keys],
    ['unknownKey', '-boxes', '3', keys],
    ['unknownKey', '-iou', '0.5', keys],
  ])
  expect(problems('boxes>many boxes~3 label>3 boxes=2 boxes<9')).toEqual([
    ['number', 'boxes', 'many', '> < ='],
    ['sign', 'boxes', '3', '> < ='],
    ['sign', 'label', '3', 'label:'],
    ['repeated', 'boxes', '9', '> < ='],
  ])
  for (const value of ['0', '0.0', '1.01', '50%', 'bad', '1e-3', '-0.5', '0.', '0,5']) {
    expect(problems(`iou<${value}`)).toEqual([['number', 'iou', value, 'iou<']])
  }
  expect(problems('iou>0.5 iou<=0.5 iou=0.5 iou<0.5 iou<0.3')).toEqual([
    ['sign', 'iou', '0.5', 'iou<'],
    ['sign', 'iou', '0.5', 'iou<'],
    ['sign', 'iou', '0.5', 'iou<'],
    ['repeated', 'iou', '0.3', 'iou<'],
  ])
})

test('in quotes, and where a digit comes before it, a colon is part of a name', () => {
  expect(parseFilter('"camera:3" 12:30')).toEqual({
    filter: filter({ name: 'camera:3 12:30' }),
    problems: [],
  })
})
