import vm from 'node:vm'
import { ExpressionText } from '../contracts/annotation.ts'
import { MOST_REPLACED, type TextSearch } from '../contracts/bulk-edit.ts'
import { StudioError } from '../errors.ts'

/** A pattern that backtracks without end is stopped after this, for all texts of the project together. */
const TIME_LIMIT_MS = 1_000
/** Enough to see that a text is too long. */
const KEPT = 600

export type TextProblem = 'empty' | 'tooLong' | 'angleBrackets' | 'controlCharacters'
const PROBLEMS: readonly TextProblem[] = ['empty', 'tooLong', 'angleBrackets', 'controlCharacters']

export interface ReplacedText<T> {
  item: T
  to: string
  /** Why it cannot stand between `<ref>` and `</ref>`; null = it can. */
  problem: TextProblem | null
}

/**
 * The texts that the search changes. V8 looks for an interruption while a regular expression backtracks, so a
 * script with a time limit bounds any pattern; the script is ours, the pattern only its data.
 * @throws StudioError BAD_REQUEST for a pattern that is none, takes too long, or changes too much at once
 */
export function replaceTexts<T extends { text: string }>(
  items: readonly T[],
  search: Pick<TextSearch, 'find' | 'replace' | 'mode' | 'whole' | 'caseSensitive'>,
): ReplacedText<T>[] {
  const texts = items.map(({ text }) => text)
  const replaced = run(texts, search)
  const changed = items.flatMap((item, place): ReplacedText<T>[] => {
    const text = replaced[place]
    if (text === undefined) throw new Error('The script has left out a text.')
    const to = text.trim()
    return to === item.text ? [] : [{ item, to, problem: problemOf(to) }]
  })
  if (changed.length > MOST_REPLACED) {
    throw new StudioError('BAD_REQUEST', {
      message: `This changes ${changed.length} different expressions, more than ${MOST_REPLACED}. Narrow the search or the filter.`,
      details: { reason: 'tooManyLines' },
    })
  }
  return changed
}

const SCRIPT = new vm.Script(`
  const pattern = new RegExp(source, flags)
  texts.map((text) => text.replace(pattern, literal === null ? replacement : () => literal).slice(0, kept))
`)

function run(texts: readonly string[], search: Parameters<typeof replaceTexts>[1]): string[] {
  const { find, replace, mode, whole, caseSensitive } = search
  const inner = mode === 'pattern' ? find : find.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
  const globals = {
    texts,
    source: whole ? `^(?:${inner})$` : inner,
    flags: `g${caseSensitive ? '' : 'i'}u`,
    replacement: replace,
    literal: mode === 'pattern' ? null : replace,
    kept: KEPT,
  }
  try {
    const result: unknown = SCRIPT.runInNewContext(globals, { timeout: TIME_LIMIT_MS })
    return Array.from(result as ArrayLike<string>)
  } catch (error) {
    throw refusal(error)
  }
}

/** Errors of the script belong to its own world: `instanceof` does not know them. */
function refusal(error: unknown): StudioError {
  const { code, name, message } = error as { code?: string; name?: string; message?: string }
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
    return new StudioError('BAD_REQUEST', {
      message:
        'This pattern takes too long: a repetition inside a repetition has too many ways to match. Simplify it.',
      details: { reason: 'slowPattern' },
    })
  }
  if (name === 'SyntaxError') {
    return new StudioError('BAD_REQUEST', {
      message: `This is no regular expression: ${message}`,
      details: { reason: 'badPattern' },
    })
  }
  throw error
}

function problemOf(text: string): TextProblem | null {
  const parsed = ExpressionText.safeParse(text)
  if (parsed.success) return null
  const message = parsed.error.issues[0]?.message ?? ''
  return PROBLEMS.find((problem) => message.endsWith(problem)) ?? 'empty'
}
