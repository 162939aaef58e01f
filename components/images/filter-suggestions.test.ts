import { expect, test } from 'vitest'
import { applySuggestion, suggest } from './filter-suggestions.ts'
import { parseFilter } from './image-filter.ts'

const KNOWN = {
  expressions: ['process', 'decision', 'the red "valve"'],
  people: ['Ada Lovelace', 'Bo'],
}

const values = (source: string) =>
  suggest(source, KNOWN).map((entry) => (entry.kind === 'key' ? `${entry.key}:` : entry.value))

test('the keys are offered before anything is typed, and those that begin so while typing', () => {
  expect(values('')).toEqual([
    ...['label:', 'text:', 'status:', 'assignee:', 'comments:', 'suggestions:', 'split:'],
  ])
  expect(values('cat st')).toEqual(['status:'])
})

test('after a key come its values, found by any part of them', () => {
  expect(values('status:o')).toEqual(['in_work', 'done'])
  expect(values('assignee:m')).toEqual(['me'])
  expect(values('assignee:lo')).toEqual(['Ada Lovelace'])
  expect(values('comments:')).toEqual(['open', 'any'])
  expect(values('suggestions:')).toEqual(['open'])
  expect(values('split:n')).toEqual(['train', 'none'])
  expect(values('label:red')).toEqual(['the red "valve"'])
  expect(values('label:"the r')).toEqual(['the red "valve"'])
})

test('a value that is there in full is not offered again', () => {
  expect(values('status:done')).toEqual([])
})

test('a chosen value with spaces and quotes is read back as it is', () => {
  const text = applySuggestion('status:done label:val', {
    kind: 'value',
    key: 'label',
    value: 'the red "valve"',
  })
  expect(parseFilter(text).filter).toMatchObject({ status: 'done', expression: 'the red "valve"' })
  expect(text.endsWith(' ')).toBe(true)
})

test('spaces inside quotes do not end a part', () => {
  expect(applySuggestion('label:"the r', { kind: 'value', key: 'label', value: 'process' })).toBe(
    'label:process ',
  )
})
