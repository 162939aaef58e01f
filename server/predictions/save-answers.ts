import type { SaveAnswers } from '../contracts/prediction.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { boxesByExpression, heldOutSamples } from './held-out.ts'

/**
 * Keeps answers made in a browser. Saving an answer again replaces the older one; only questions of the
 * run's own validation split are taken.
 * @throws StudioError BAD_REQUEST when a question is not one of them
 * @returns number of predictions: one for each expression that an answer speaks of
 */
export async function saveAnswers(studio: Studio, input: SaveAnswers): Promise<number> {
  const { runId, model, backend } = input
  const { samples } = await heldOutSamples(studio, runId)
  const rows = input.answers.flatMap(({ imageId, prompt, text, tokens, milliseconds }) => {
    const asked = samples.filter((sample) => sample.imageId === imageId && sample.prompt === prompt)
    if (asked.length === 0) throw notAsked(imageId, prompt)
    const expressions = asked.map((sample) => sample.expression)
    return [...boxesByExpression(prompt, expressions, text)].map(([expression, boxes]) => ({
      id: newId('q'),
      ...{ runId, imageId, expression, model, source: 'browser', backend },
      ...{ prompt, text, boxes, tokens, milliseconds },
    }))
  })
  await write(studio.db, async (tx) => {
    for (const { imageId, prompt } of input.answers) {
      await tx.prediction.deleteMany({ where: { runId, model, source: 'browser', imageId, prompt } })
    }
    await tx.prediction.createMany({ data: rows })
  })
  return rows.length
}

function notAsked(imageId: string, prompt: string): StudioError {
  return new StudioError('BAD_REQUEST', {
    message: 'This question is not in the validation split of the run. Load the page again.',
    details: { imageId, prompt },
  })
}
