import type { JudgeSuggestions } from '../contracts/suggestion.ts'
import type { Database } from '../db/client.ts'

/**
 * Writes down what a person made of suggestions. Accepting is not among it: that is a box with the suggestion's
 * `boxId`, saved like any other. Ids that are gone by now, or another image's, change nothing.
 * @returns how many were judged
 */
export async function judgeSuggestions(
  db: Database,
  { imageId, ids, state }: JudgeSuggestions,
): Promise<number> {
  const { count } = await db.suggestion.updateMany({ where: { imageId, id: { in: ids } }, data: { state } })
  return count
}
