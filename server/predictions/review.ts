import { NormalisedBox, PredictionModel, PredictionSource, REVIEW_LIMIT } from '../contracts/prediction.ts'
import type { Studio } from '../studio.ts'
import { type HeldOutSample, heldOutSamples, sampleKey } from './held-out.ts'
import { agreement, reviewTotals } from './totals.ts'

export interface ReviewAnswer {
  text: string
  boxes: NormalisedBox[]
  tokens: number
  milliseconds: number
  backend: string
}

export interface ReviewSample extends HeldOutSample {
  answers: Record<PredictionModel, Record<PredictionSource, ReviewAnswer | null>>
}

/** The held-out samples of a run with truth, all answers, and how good they are in total. */
export async function reviewRun(studio: Studio, runId: string) {
  const { samples: asked, gone } = await heldOutSamples(studio, runId)
  const samples = new Map<string, ReviewSample>(
    asked.map((sample) => [
      sampleKey(sample.imageId, sample.expression),
      { ...sample, answers: noAnswers() },
    ]),
  )
  const images = new Map(asked.map((sample) => [sample.imageId, sample]))
  const rows = await studio.db.prediction.findMany({ where: { runId }, orderBy: { id: 'asc' } })
  for (const { imageId, expression, ...row } of rows) {
    const key = sampleKey(imageId, expression)
    const image = images.get(imageId)
    if (!image) continue
    // A detection answer may name what is not there: a sample of its own, with nothing to find.
    const sample: ReviewSample = samples.get(key) ?? {
      ...image,
      ...{ expression, kind: 'class', prompt: row.prompt, truth: [], answers: noAnswers() },
    }
    samples.set(key, sample)
    const { text, tokens, milliseconds, backend } = row
    const boxes = NormalisedBox.array().parse(row.boxes)
    sample.answers[PredictionModel.parse(row.model)][PredictionSource.parse(row.source)] = {
      ...{ text, boxes, tokens, milliseconds, backend },
    }
  }
  const all = [...samples.values()]
  return {
    samples: all.slice(0, REVIEW_LIMIT),
    total: all.length,
    /** Pictures of the split that were deleted since the freeze. */
    gone,
    totals: reviewTotals(all),
    agreement: agreement(all),
  }
}

function noAnswers(): ReviewSample['answers'] {
  return { base: { browser: null, server: null }, tuned: { browser: null, server: null } }
}
