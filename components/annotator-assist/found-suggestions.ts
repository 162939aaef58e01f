import type { Suggestion } from '../../server/contracts/suggestion.ts'
import { denormaliseBox, type Size } from '../../server/grounding/coordinates.ts'
import { isUnreadable, parseAnswer } from '../../server/grounding/parse-answer.ts'
import type { Entry } from '../annotator/document/edit.ts'
import { randomId, randomIds } from '../annotator/document/new-id.ts'
import type { Rect } from '../annotator/geometry/rects.ts'
import type { Suggested } from '../annotator/suggestions/suggestion.ts'
import type { QuestionAnswer } from '../assist/messages.ts'

/** What a model answered about one expression, as suggestions. An answer is about what was asked, whatever it repeats. */
export function suggestionsOf(
  { text, scores }: Pick<QuestionAnswer, 'text' | 'scores'>,
  entry: Entry,
  model: Suggested['model'],
  image: Size,
): { suggestions: Suggested[]; isUnreadable: boolean } {
  const answer = parseAnswer(text)
  const suggestions = answer.boxes.map(
    (box, place): Suggested => ({
      ...{ id: `sb_${randomId()}`, boxId: randomIds.box(), entry, model },
      rect: rectOf(denormaliseBox(box, image)),
      score: scores[place] ?? null,
      source: 'browser',
      rejected: false,
    }),
  )
  return { suggestions, isUnreadable: isUnreadable(answer) }
}

/** What a prelabelling left on the server, as the editor knows it. */
export function listedSuggestion(listed: Suggestion, image: Size): Suggested {
  const { id, boxId, kind, text, box, score, model, modelName, runId } = listed
  return {
    ...{ id, boxId, score, entry: { kind, text }, model: { key: model, name: modelName, runId } },
    rect: rectOf(denormaliseBox(box, image)),
    source: 'server',
    rejected: false,
  }
}

function rectOf([x1, y1, x2, y2]: ReturnType<typeof denormaliseBox>): Rect {
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 }
}
