import {
  COMMENT_VALUES,
  FILTER_KEYS,
  type FilterKey,
  SPLIT_VALUES,
  STATUS_VALUES,
  SUGGESTION_VALUES,
} from './image-filter.ts'

/** What the last part of a filter could become. `key` entries go on being typed, `value` entries are complete. */
export type Suggestion = { kind: 'key'; key: FilterKey } | { kind: 'value'; key: string; value: string }

const MOST = 8

export interface KnownValues {
  /** Classes and phrases of the project, most used first. */
  expressions: readonly string[]
  /** Names of the people who have images. */
  people: readonly string[]
}

export function suggest(source: string, { expressions, people }: KnownValues): Suggestion[] {
  const part = lastPart(source)
  const [, key, typed] = /^(label|text|status|assignee|comments|suggestions|split):"?(.*)$/su.exec(part) ?? []
  if (key === undefined || typed === undefined) {
    const begun = part.toLowerCase()
    return FILTER_KEYS.filter((name) => name.startsWith(begun)).map((name) => ({ kind: 'key', key: name }))
  }
  const needle = typed.toLowerCase()
  const values: Partial<Record<string, readonly string[]>> = {
    label: expressions,
    status: STATUS_VALUES,
    assignee: ['me', 'none', ...people],
    comments: COMMENT_VALUES,
    suggestions: SUGGESTION_VALUES,
    split: SPLIT_VALUES,
  }
  return (values[key] ?? [])
    .filter((value) => value.toLowerCase().includes(needle) && value !== typed)
    .slice(0, MOST)
    .map((value) => ({ kind: 'value', key, value }))
}

/** The text with its last part replaced. A finished value is followed by a space, ready for the next part. */
export function applySuggestion(source: string, suggestion: Suggestion): string {
  const before = source.slice(0, source.length - lastPart(source).length)
  if (suggestion.kind === 'key') return `${before}${suggestion.key}:`
  const { key, value } = suggestion
  const written = /[\s"\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value
  return `${before}${key}:${written} `
}

/** What stands after the last space that is not inside quotes. */
function lastPart(source: string): string {
  return /(?:[^\s"]|"(?:[^"\\]|\\.)*(?:"|$))*$/su.exec(source)?.[0] ?? ''
}
