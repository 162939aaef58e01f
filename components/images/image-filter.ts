/**
 * The filter language of the grid. Free words look in file names; `label:` names a class or phrase exactly,
 * `text~` looks in them; `boxes>`, `boxes<` and `boxes=` count; `iou<` finds the newest weak answers of a tuned model;
 * `status:`, `split:`, `comments:` and `suggestions:` choose from their lists; `assignee:` and `by:` (who annotated) are
 * `me`, `none` or a person. A minus before a key that takes no number rules out what it names. A value with spaces
 * stands in double quotes, where \" and \\ mean themselves. The address holds the text, so it can be shared.
 */
import { type FilterParts, ImageFilter, ImageStatus, LEAST_IOU, Split } from '../../server/contracts/image.ts'
import { type FilterTerm, needsQuotes, quote, readTerms } from './filter-terms.ts'

/** In the order in which they are offered, each with the sign that follows it. */
export const FILTER_KEYS = {
  label: ':',
  text: '~',
  boxes: '>',
  iou: '<',
  status: ':',
  split: ':',
  by: ':',
  assignee: ':',
  comments: ':',
  suggestions: ':',
} as const
export type FilterKey = keyof typeof FILTER_KEYS
type NumberKey = 'boxes' | 'iou'
type PartKey = Exclude<FilterKey, NumberKey>

export const STATUS_VALUES = [...ImageStatus.options, 'unfinished'] as const
export const SPLIT_VALUES = [...Split.options, 'none'] as const
export const COMMENT_VALUES = ['open', 'any'] as const
export const SUGGESTION_VALUES = ['open'] as const
/** Keys that know their values. */
export const VALUES: Partial<Record<FilterKey, readonly string[]>> = {
  status: STATUS_VALUES,
  split: SPLIT_VALUES,
  comments: COMMENT_VALUES,
  suggestions: SUGGESTION_VALUES,
}

/** Words that stand for a part. In quotes they are looked for in file names, like any other. */
export const SHORT_WORDS = { unreviewed: 'done', unfinished: 'unfinished' } as const

const FIELDS = {
  label: 'expression',
  text: 'text',
  status: 'status',
  split: 'split',
  by: 'by',
  assignee: 'assignee',
  comments: 'comments',
  suggestions: 'suggestions',
} as const satisfies Record<PartKey, keyof FilterParts>

/** A part that could not be used; it is shown, never ignored in silence. */
export interface FilterProblem {
  kind: 'unknownKey' | 'sign' | 'unknownValue' | 'number' | 'repeated'
  /** As typed, with its minus. */
  key: string
  value: string
  /** What could stand there instead. */
  known: readonly string[]
}

export interface ParsedFilter {
  filter: ImageFilter
  problems: FilterProblem[]
}

type Chosen = Partial<Record<PartKey, string>>

export function parseFilter(source: string): ParsedFilter {
  const problems: FilterProblem[] = []
  const words: string[] = []
  const asked: Chosen = {}
  const ruledOut: Chosen = {}
  const numbers: Numbers = { min: undefined, max: undefined, iou: undefined }
  for (const term of readTerms(source)) {
    const { key, value } = term
    if (key === null) {
      const status = term.isQuoted ? undefined : shortWord(value)
      if (status === undefined) words.push(value)
      else if (asked.status === undefined) asked.status = status
      else problems.push({ kind: 'repeated', key: 'status', value, known: [] })
      continue
    }
    const problem = (kind: FilterProblem['kind'], known: readonly string[] = []) =>
      problems.push({ kind, key: `${term.isNot ? '-' : ''}${key}`, value, known })
    if (!isKey(key) || (term.isNot && takesNumber(key))) problem('unknownKey', Object.keys(FILTER_KEYS))
    else if (value === '') continue
    else if (takesNumber(key)) {
      const result = key === 'boxes' ? addBoxes(numbers, term) : addIou(numbers, term)
      if (result) problem(result, NUMBER_SIGNS[key])
    } else if (!takesSign(key, term.sign)) problem('sign', [`${key}${FILTER_KEYS[key]}`])
    else if (VALUES[key] && !VALUES[key].includes(value)) problem('unknownValue', VALUES[key])
    else {
      const into = term.isNot ? ruledOut : asked
      if (into[key] !== undefined) problem('repeated')
      else into[key] = value
    }
  }
  const filter = ImageFilter.parse({
    ...partsOf(asked),
    name: words.join(' ').slice(0, 200),
    minBoxes: numbers.min || null,
    maxBoxes: numbers.max ?? null,
    iouBelow: numbers.iou ?? null,
    not: partsOf(ruledOut),
  })
  return { filter, problems }
}

/** The shortest text that parses to this filter. */
export function formatFilter(filter: ImageFilter): string {
  const { name, not } = filter
  const parts = [
    ...writeParts(filter, ''),
    ...writeBoxes(filter),
    filter.iouBelow !== null && `iou<${filter.iouBelow}`,
    ...writeParts(not, '-'),
    name && (needsQuotes(name) || name.split(' ').some((word) => shortWord(word)) ? quote(name) : name),
  ]
  return parts.filter(Boolean).join(' ')
}

export function isFiltered(filter: ImageFilter): boolean {
  return formatFilter(filter) !== ''
}

function isKey(key: string): key is FilterKey {
  return Object.hasOwn(FILTER_KEYS, key)
}

/** Such a key cannot be ruled out: its sign turns round what is asked. */
export function takesNumber(key: FilterKey): key is NumberKey {
  return key === 'boxes' || key === 'iou'
}

function shortWord(word: string): string | undefined {
  return Object.hasOwn(SHORT_WORDS, word) ? SHORT_WORDS[word as keyof typeof SHORT_WORDS] : undefined
}

/** A colon is understood after every key: nobody should have to remember which sign it was. */
function takesSign(key: PartKey, sign: string): boolean {
  return sign === ':' || sign === '=' || sign === FILTER_KEYS[key]
}

function partsOf(chosen: Chosen) {
  const { label = '', text = '', by = '', assignee = '', status, split, comments, suggestions } = chosen
  return {
    expression: label.slice(0, 500),
    text: text.slice(0, 500),
    by: by.slice(0, 200),
    assignee: assignee.slice(0, 200),
    status: status ?? null,
    split: split ?? null,
    comments: comments ?? null,
    suggestions: suggestions ?? null,
  }
}

function writeParts(parts: FilterParts, minus: string): string[] {
  return (Object.keys(FIELDS) as PartKey[]).flatMap((key) => {
    const value = parts[FIELDS[key]]
    const written = value && (/[\s"\\]/.test(value) ? quote(value) : value)
    return written ? [`${minus}${key}${FILTER_KEYS[key]}${written}`] : []
  })
}

const NUMBER_SIGNS: Record<NumberKey, readonly string[]> = { boxes: ['>', '<', '='], iou: ['iou<'] }

interface Numbers {
  /** Fewest and most boxes. */
  min: number | undefined
  max: number | undefined
  iou: number | undefined
}

type NumberProblem = 'number' | 'sign' | 'repeated'

const MOST_BOXES = 1_000_000

/** @returns what is wrong with it */
function addBoxes(boxes: Numbers, { sign, value }: FilterTerm): NumberProblem | null {
  if (!/^\d{1,7}$/.test(value)) return 'number'
  const count = Number(value)
  const bounds: Partial<Record<string, Pick<Numbers, 'min' | 'max'>>> = {
    '>': { min: count + 1, max: undefined },
    '>=': { min: count, max: undefined },
    '<': { min: undefined, max: count - 1 },
    '<=': { min: undefined, max: count },
    '=': { min: count, max: count },
    ':': { min: count, max: count },
  }
  const next = bounds[sign]
  if (!next) return 'sign'
  if ((next.min ?? 0) > MOST_BOXES || (next.max ?? 0) > MOST_BOXES || (next.max ?? 0) < 0) return 'number'
  const isTaken = (side: 'min' | 'max') => next[side] !== undefined && boxes[side] !== undefined
  if (isTaken('min') || isTaken('max')) return 'repeated'
  boxes.min ??= next.min
  boxes.max ??= next.max
  return null
}

/** @returns what is wrong with it */
function addIou(numbers: Numbers, { sign, value }: FilterTerm): NumberProblem | null {
  const iou = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN
  if (!(iou >= LEAST_IOU && iou <= 1)) return 'number'
  if (sign !== '<' && sign !== ':') return 'sign'
  if (numbers.iou !== undefined) return 'repeated'
  numbers.iou = iou
  return null
}

function writeBoxes({ minBoxes: min, maxBoxes: max }: ImageFilter): string[] {
  if (max !== null && (min ?? 0) === max) return [`boxes=${max}`]
  return [...(min === null ? [] : [`boxes>${min - 1}`]), ...(max === null ? [] : [`boxes<${max + 1}`])]
}
