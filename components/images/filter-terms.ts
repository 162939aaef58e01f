/** One part of a filter as it is typed: a key with its sign and value, or a word by itself. */
export interface FilterTerm {
  /** Lower case; null = a word. It need not be a key that anybody knows. */
  key: string | null
  sign: string
  value: string
  isNot: boolean
  isQuoted: boolean
}

const TERM =
  /(-?)(\p{L}[\p{L}_]*)(>=|<=|[:~><=：～＞＜＝])(?:"((?:[^"\\]|\\.)*)"?|(\S*))|"((?:[^"\\]|\\.)*)"?|(\S+)/gsu

/** Signs as an input method for Chinese writes them. */
const WIDE: Partial<Record<string, string>> = { '：': ':', '～': '~', '＞': '>', '＜': '<', '＝': '=' }

export function* readTerms(source: string): Generator<FilterTerm> {
  for (const [, minus, key, sign = '', quotedValue, value, quotedWord, word] of source.matchAll(TERM)) {
    const quoted = key === undefined ? quotedWord : quotedValue
    yield {
      key: key?.toLowerCase() ?? null,
      sign: WIDE[sign] ?? sign,
      value: quoted === undefined ? (value ?? word ?? '') : quoted.replaceAll(/\\(.)/gsu, '$1'),
      isNot: minus === '-',
      isQuoted: quoted !== undefined,
    }
  }
}

export function quote(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}

/** Whether words would be read as something else, or as other words. */
export function needsQuotes(words: string): boolean {
  const terms = [...readTerms(words)]
  const isPlain = terms.every(({ key, isQuoted }) => key === null && !isQuoted)
  return !isPlain || terms.map(({ value }) => value).join(' ') !== words
}
