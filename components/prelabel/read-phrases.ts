import { ExpressionText } from '../../server/contracts/annotation.ts'

/** Phrases typed one a line, each once; and the first that cannot be asked for. */
export function readPhrases(typed: string): { phrases: string[]; problem: string | null } {
  const lines = typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const problem = lines.find((line) => !ExpressionText.safeParse(line).success) ?? null
  return { phrases: [...new Set(lines)], problem }
}
