import type { NormalisedBox, PredictionModel, PredictionSource } from '../contracts/prediction.ts'
import { type GroundingMetrics, groundingMetrics, scoreSample } from '../grounding/match.ts'
import type { ReviewAnswer, ReviewSample } from './review.ts'

export interface ReviewTotals extends GroundingMetrics {
  model: PredictionModel
  source: PredictionSource
  /** Everything that made them; more than one when the work went on elsewhere. */
  backends: string[]
  /** Mean over all answers; 0 when no time was measured. */
  tokensPerSecond: number
}

/** How far the two ways of asking one model give the same boxes, over samples that have both. */
export interface Agreement {
  model: PredictionModel
  samples: number
  /** Samples whose boxes are the same integers in the same order. */
  same: number
}

const MODELS: readonly PredictionModel[] = ['base', 'tuned']
const SOURCES: readonly PredictionSource[] = ['browser', 'server']

/** One entry for each model and source that has answers. */
export function reviewTotals(samples: readonly ReviewSample[]): ReviewTotals[] {
  return MODELS.flatMap((model) => SOURCES.flatMap((source) => totalsOf(samples, model, source) ?? []))
}

function totalsOf(
  samples: readonly ReviewSample[],
  model: PredictionModel,
  source: PredictionSource,
): ReviewTotals | null {
  const answered = samples.flatMap((sample) => {
    const answer = sample.answers[model][source]
    return answer ? [{ sample, answer }] : []
  })
  if (answered.length === 0) return null
  const metrics = groundingMetrics(
    answered.map(({ sample, answer }) => scoreSample(answer.boxes, sample.truth, sample)),
  )
  const backends = [...new Set(answered.map(({ answer }) => answer.backend))]
  return { model, source, backends, tokensPerSecond: speed(answered.map(({ answer }) => answer)), ...metrics }
}

function speed(answers: readonly ReviewAnswer[]): number {
  const milliseconds = answers.reduce((sum, answer) => sum + answer.milliseconds, 0)
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens, 0)
  return milliseconds === 0 ? 0 : (tokens / milliseconds) * 1000
}

export function agreement(samples: readonly ReviewSample[]): Agreement[] {
  return MODELS.flatMap((model) => {
    const both = samples.flatMap(({ answers }) => {
      const { browser, server } = answers[model]
      return browser && server ? [{ browser, server }] : []
    })
    if (both.length === 0) return []
    const same = both.filter(({ browser, server }) => sameBoxes(browser.boxes, server.boxes)).length
    return [{ model, samples: both.length, same }]
  })
}

function sameBoxes(a: readonly NormalisedBox[], b: readonly NormalisedBox[]): boolean {
  return a.length === b.length && a.every((box, at) => box.every((value, axis) => value === b[at]?.[axis]))
}
