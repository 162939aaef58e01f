/** Kinds of pieces an answer is cut into. */
export const ANSWER_TOKEN = {
  text: 'text',
  tag: 'tag',
  list: 'list',
  label: 'label',
  object: 'object',
  unclosed: 'unclosed',
} as const

export type AnswerToken =
  | { kind: 'text'; text: string }
  /** `exact` = no spaces inside, lower case: as the training data has it. */
  | { kind: 'tag'; name: 'ref' | 'box'; closing: boolean; exact: boolean; text: string }
  /** `[1, 2, …]`: two or more numbers, kept as written; `at` = where it begins in the answer. */
  | { kind: 'list'; numbers: string[]; text: string; at: number }
  /** The value of a JSON member `label`. */
  | { kind: 'label'; text: string }
  /** `{` of a JSON object with a box: names do not carry over from the one before. */
  | { kind: 'object' }
  /** A list of numbers that the end of the text or a tag cuts off. */
  | { kind: 'unclosed'; text: string }

// Sticky and without two neighbouring patterns that match the same character: no backtracking beyond
// the characters of one match, so the whole scan is linear.
const TAG = /<\s*(\/\s*)?(ref|box)\s*>/iy
const NUMBERS = /[-+]?\d+(?:\.\d*)?(?:\s*,\s*[-+]?\d+(?:\.\d*)?)+/y
const NUMBERS_BEGUN = /^\s*[-+]?\d[-+.,\d\s]*$/
const JSON_LABEL = /"label"\s*:\s*("(?:[^"\\\n]|\\.)*")/y
const JSON_BOX_KEY = /"bbox(?:_2d)?"\s*:\s*/y

interface Piece {
  /** Null = something to step over. */
  token: AnswerToken | null
  end: number
}

/** Cuts an answer into tags, lists of numbers and the text between them, in time linear in its length. */
export function* scanAnswer(text: string): Generator<AnswerToken> {
  const json = text.includes('"bbox')
  let from = 0
  let at = 0
  let inRef = false
  while (at < text.length) {
    // A phrase may have brackets of its own; only a tag ends it.
    const match: Piece | null = inRef && text[at] !== '<' ? null : tokenAt(text, at, json)
    if (!match) {
      at += 1
      continue
    }
    if (!json && from < at) yield { kind: 'text', text: text.slice(from, at) }
    if (match.token) yield match.token
    if (match.token?.kind === 'tag') inRef = match.token.name === 'ref' && !match.token.closing
    at = match.end
    from = at
  }
  if (!json && from < text.length) yield { kind: 'text', text: text.slice(from) }
}

function tokenAt(text: string, at: number, json: boolean): Piece | null {
  switch (text[at]) {
    case '<':
      return tagAt(text, at)
    case '[':
      return listAt(text, at)
    case '{':
      return json ? { token: { kind: 'object' }, end: at + 1 } : null
    case '"':
      return json ? memberAt(text, at) : null
    default:
      return null
  }
}

function tagAt(text: string, at: number): Piece | null {
  const match = matchAt(TAG, text, at)
  if (!match) return null
  const closing = match[1] !== undefined
  const name = match[2]?.toLowerCase() === 'ref' ? 'ref' : 'box'
  const exact = match[0] === `<${closing ? '/' : ''}${name}>`
  return { token: { kind: 'tag', name, closing, exact, text: match[0] }, end: at + match[0].length }
}

/** A list ends at the next bracket or tag; what is neither numbers nor cut-off numbers is not ours. */
function listAt(text: string, at: number): Piece | null {
  let end = at + 1
  while (end < text.length && !'[]<'.includes(text[end] as string)) end += 1
  const inside = text.slice(at + 1, end)
  if (text[end] === ']') {
    const numbers = inside.trim()
    const match = matchAt(NUMBERS, numbers, 0)
    if (match?.[0].length !== numbers.length) return null
    return {
      token: {
        kind: 'list',
        numbers: numbers.split(',').map((number) => number.trim()),
        text: text.slice(at, end + 1),
        at,
      },
      end: closeOuter(text, end + 1),
    }
  }
  if (text[end] === '[' && inside.trim() === '') return { token: null, end }
  if (text[end] !== '[' && NUMBERS_BEGUN.test(inside)) {
    return { token: { kind: 'unclosed', text: text.slice(at, end) }, end }
  }
  return null
}

/** Steps over the comma to the next list, or over the bracket that closes the list of lists. */
function closeOuter(text: string, at: number): number {
  if (text[at] === ']') return at + 1
  let end = skipSpace(text, at)
  if (text[end] !== ',') return at
  end = skipSpace(text, end + 1)
  return text[end] === '[' ? end : at
}

function skipSpace(text: string, at: number): number {
  let end = at
  while (end < text.length && ' \t\r\n'.includes(text[end] as string)) end += 1
  return end
}

function memberAt(text: string, at: number): Piece | null {
  const label = matchAt(JSON_LABEL, text, at)
  if (label) {
    return { token: { kind: 'label', text: unquote(label[1] ?? '""') }, end: at + label[0].length }
  }
  const key = matchAt(JSON_BOX_KEY, text, at)
  return key ? { token: null, end: at + key[0].length } : null
}

function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted)).trim()
  } catch {
    // An escape JSON does not know, such as \' of some models: the raw letters are the better name.
    return quoted.slice(1, -1).trim()
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
