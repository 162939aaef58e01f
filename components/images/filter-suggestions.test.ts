import { expect, test } from 'vitest'
import { applySuggestion, suggest } from './filter-suggestions.ts'
import { parseFilter } from './image-filter.ts'

const KNOWN = {
  expressions: ['process', 'decision', 'the red "valve"'],
  people: ['Ada Lovelace', 'Bo'],
}

const offered = (source: string) =>
  suggest(source, KNOWN).map((entry) => (entry.kind === 'value' ? entry.value : entry.written.trim()))

/** The text after the first suggestion has been taken. */
const taken = (source: string) => {
  const [first] = suggest(source, KNOWN)
  if (!first) throw new Error(`Nothing is offered for ${source}.`)
  return applySuggestion(source, first)
}

test('the keys are offered before anything is typed, and those that begin so while typing', () => {
  expect(offered('')).toEqual([
    'label:',
    'text~',
    'boxes>',
    'iou<',
    'status:',
    'split:',
    'by:',
    'assignee:',
    'comments:',
    'suggestions:',
  ])
  expect(offered('cat st')).toEqual(['status:'])
  expect(taken('cat i')).toBe('cat iou<')
  expect(offered('unr')).toEqual(['unreviewed'])
})

test('after a minus come the keys that can be ruled out', () => {
  expect(offered('-')).not.toContain('-boxes>')
  expect(offered('-i')).toEqual([])
  expect(offered('-l')).toEqual(['-label:'])
  expect(taken('cat -label:deci')).toBe('cat -label:decision ')
})

test('after a key come its values, found by any part of them', () => {
  expect(offered('status:o')).toEqual(['in_work', 'done'])
  expect(offered('assignee:m')).toEqual(['me'])
  expect(offered('by:lo')).toEqual(['Ada Lovelace'])
  expect(offered('comments:')).toEqual(['open', 'any'])
  expect(offered('suggestions:')).toEqual(['open'])
  expect(offered('split:n')).toEqual(['train', 'none'])
  expect(offered('label:red')).toEqual(['the red "valve"'])
  expect(offered('label:"the r')).toEqual(['the red "valve"'])
  expect(offered('boxes>')).toEqual([])
  expect(offered('iou<')).toEqual([])
})

test('a value that is there in full is not offered again', () => {
  expect(offered('status:done')).toEqual([])
})

test('a chosen value with spaces and quotes is read back as it is', () => {
  const text = taken('status:done label:val')
  expect(parseFilter(text).filter).toMatchObject({ status: 'done', expression: 'the red "valve"' })
  expect(text.endsWith(' ')).toBe(true)
})

test('spaces inside quotes do not end a part', () => {
  expect(taken('label:"the r')).toBe('label:"the red \\"valve\\"" ')
})
