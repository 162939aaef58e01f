import { ExpressionText } from '../../../server/contracts/annotation.ts'

export type TextProblem = 'empty' | 'tooLong' | 'angleBrackets' | 'controlCharacters'

const PROBLEMS: readonly TextProblem[] = ['empty', 'tooLong', 'angleBrackets', 'controlCharacters']

/** The text as it is stored, or why it cannot stand between `<ref>` and `</ref>`. */
export function checkText(input: string): { ok: true; text: string } | { ok: false; problem: TextProblem } {
  const parsed = ExpressionText.safeParse(input)
  if (parsed.success) return { ok: true, text: parsed.data }
  const message = parsed.error.issues[0]?.message ?? ''
  const problem = PROBLEMS.find((candidate) => message.endsWith(candidate)) ?? 'empty'
  return { ok: false, problem }
}

/** Words from which a text reads as a phrase; Chinese has no spaces, so letters are counted there. */
const PHRASE_WORDS = 3
const PHRASE_HAN_LETTERS = 6
/** "the spoon" speaks of one on this picture; a class has no article. */
const ARTICLE = /^(?:the|an?|this|that|these|those)\s/i

/** A first guess, shown while typing, that a person can overrule. */
export function guessKind(text: string): 'class' | 'phrase' {
  const words = text.trim().split(/\s+/).length
  const letters = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return words >= PHRASE_WORDS || letters >= PHRASE_HAN_LETTERS || ARTICLE.test(text.trim())
    ? 'phrase'
    : 'class'
}
