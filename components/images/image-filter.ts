/**
 * The filter language of the grid: free words look in file names, `text:` in classes and phrases,
 * `label:` names one exactly, `status:`, `split:`, `comments:` and `suggestions:` choose from their lists, `assignee:`
 * is `me`, `none` or a person. A value with spaces stands in double quotes, where \" and \\ mean themselves. The address holds the text, so it can be shared.
 */
import { ImageFilter, ImageStatus, Split } from '../../server/contracts/image.ts'

export const FILTER_KEYS = [
  'label',
  'text',
  'status',
  'assignee',
  'comments',
  'suggestions',
  'split',
] as const
export type FilterKey = (typeof FILTER_KEYS)[number]

/** A part that could not be used; it is shown, never ignored in silence. */
export interface FilterProblem {
  kind: 'unknownValue' | 'repeated'
  key: FilterKey
  value: string
}

export interface ParsedFilter {
  filter: ImageFilter
  problems: FilterProblem[]
}

interface Term {
  key: FilterKey | null
  value: string
}

export const STATUS_VALUES = [...ImageStatus.options, 'unfinished'] as const
export const SPLIT_VALUES = [...Split.options, 'none'] as const
export const COMMENT_VALUES = ['open', 'any'] as const
export const SUGGESTION_VALUES = ['open'] as const

export function parseFilter(source: string): ParsedFilter {
  const problems: FilterProblem[] = []
  const words: string[] = []
  const chosen: Partial<Record<FilterKey, string>> = {}
  for (const { key, value } of readTerms(source)) {
    if (key === null) words.push(value)
    else if (value === '') continue
    else if (chosen[key] !== undefined) problems.push({ kind: 'repeated', key, value })
    else if (isKnown(key, value)) chosen[key] = value
    else problems.push({ kind: 'unknownValue', key, value })
  }
  const filter = ImageFilter.parse({
    name: words.join(' ').slice(0, 200),
    text: (chosen.text ?? '').slice(0, 500),
    expression: (chosen.label ?? '').slice(0, 500),
    status: chosen.status ?? null,
    assignee: (chosen.assignee ?? '').slice(0, 200),
    comments: chosen.comments ?? null,
    suggestions: chosen.suggestions ?? null,
    split: chosen.split ?? null,
  })
  return { filter, problems }
}

/** The shortest text that parses to this filter. */
export function formatFilter(filter: ImageFilter): string {
  const { name, text, expression, status, assignee, comments, suggestions, split } = filter
  const parts = [
    expression && `label:${quote(expression)}`,
    text && `text:${quote(text)}`,
    status && `status:${status}`,
    assignee && `assignee:${quote(assignee)}`,
    comments && `comments:${comments}`,
    suggestions && `suggestions:${suggestions}`,
    split && `split:${split}`,
    name && (/^[^\s":\\]+(?: [^\s":\\]+)*$/.test(name) ? name : quote(name, true)),
  ]
  return parts.filter(Boolean).join(' ')
}

export function isFiltered(filter: ImageFilter): boolean {
  return formatFilter(filter) !== ''
}

function isKnown(key: FilterKey, value: string): boolean {
  if (key === 'status') return STATUS_VALUES.some((known) => known === value)
  if (key === 'comments') return COMMENT_VALUES.some((known) => known === value)
  if (key === 'suggestions') return SUGGESTION_VALUES.some((known) => known === value)
  if (key === 'split') return SPLIT_VALUES.some((known) => known === value)
  return true
}

function quote(value: string, always = false): string {
  return always || /[\s"\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value
}

const TERM = /(?:(label|text|status|assignee|comments|suggestions|split):)?(?:"((?:[^"\\]|\\.)*)"?|(\S+))/gsu

function* readTerms(source: string): Generator<Term> {
  for (const [, key, quoted, bare] of source.matchAll(TERM)) {
    // "label:" while it is being typed has no value yet, and is no word to look for either.
    if (!key && FILTER_KEYS.some((known) => bare === `${known}:`)) continue
    const value = quoted === undefined ? (bare ?? '') : quoted.replaceAll(/\\(.)/gsu, '$1')
    yield { key: (key as FilterKey | undefined) ?? null, value }
  }
}
