import { quote } from './filter-terms.ts'
import { FILTER_KEYS, type FilterKey, SHORT_WORDS, takesNumber, VALUES } from './image-filter.ts'

/** What the last part of a filter could become, and how that is written. */
export type Suggestion =
  /** Goes on being typed. */
  | { kind: 'key'; key: FilterKey; written: string }
  | { kind: 'value'; key: FilterKey; value: string; written: string }
  | { kind: 'word'; word: keyof typeof SHORT_WORDS; written: string }

const MOST = 8

export interface KnownValues {
  /** Classes and phrases of the project, most used first. */
  expressions: readonly string[]
  /** Names of the members and of others who have images. */
  people: readonly string[]
}

const KEYS = Object.keys(FILTER_KEYS) as FilterKey[]
const WORDS = Object.keys(SHORT_WORDS) as (keyof typeof SHORT_WORDS)[]
const PART = new RegExp(`^(-?)(${KEYS.join('|')})([:~><=：～＞＜＝]=?)"?(.*)$`, 'su')

export function suggest(source: string, { expressions, people }: KnownValues): Suggestion[] {
  const part = lastPart(source)
  const [, minus, key, sign, typed] = PART.exec(part) ?? []
  if (key === undefined || typed === undefined) return begun(part.toLowerCase())
  const needle = typed.toLowerCase()
  const values: Partial<Record<string, readonly string[]>> = {
    ...VALUES,
    label: expressions,
    assignee: ['me', 'none', ...people],
    by: ['me', 'none', ...people],
  }
  return (values[key] ?? [])
    .filter((value) => value.toLowerCase().includes(needle) && value !== typed)
    .slice(0, MOST)
    .map((value) => ({
      kind: 'value',
      key: key as FilterKey,
      value,
      written: `${minus}${key}${sign}${/[\s"\\]/.test(value) ? quote(value) : value} `,
    }))
}

/** Keys and words that begin as what is typed does, a minus before it or not. */
function begun(part: string): Suggestion[] {
  const minus = part.startsWith('-') ? '-' : ''
  const start = part.slice(minus.length)
  const keys = KEYS.filter((key) => key.startsWith(start) && !(minus && takesNumber(key)))
  const words = part === '' ? [] : WORDS.filter((word) => word.startsWith(part) && word !== part)
  return [
    ...keys.map((key): Suggestion => ({ kind: 'key', key, written: `${minus}${key}${FILTER_KEYS[key]}` })),
    ...words.map((word): Suggestion => ({ kind: 'word', word, written: `${word} ` })),
  ]
}

/** The text with its last part replaced. A finished value is followed by a space, ready for the next part. */
export function applySuggestion(source: string, { written }: Suggestion): string {
  return source.slice(0, source.length - lastPart(source).length) + written
}

/** What stands after the last space that is not inside quotes. */
function lastPart(source: string): string {
  return /(?:[^\s"]|"(?:[^"\\]|\\.)*(?:"|$))*$/su.exec(source)?.[0] ?? ''
}
