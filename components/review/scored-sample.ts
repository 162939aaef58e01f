import type { PredictionModel, PredictionSource } from '../../server/contracts/prediction.ts'
import { type SampleScore, scoreSample } from '../../server/grounding/match.ts'
import type { RouterOutputs } from '../trpc/client.tsx'

export type Review = RouterOutputs['predictions']['review']
export type ReviewSample = Review['samples'][number]
export type ReviewAnswer = NonNullable<ReviewSample['answers']['base']['browser']>

export interface ScoredAnswer extends ReviewAnswer {
  score: SampleScore
  /** 0..1, how good the answer is: IoU of the first box; for a negative 1 or 0. */
  quality: number
}

/** A sample with the answers of one source, judged. */
export interface ScoredSample {
  /** Place in the order of the dataset, from 1: how people name a sample. */
  number: number
  id: string
  sample: ReviewSample
  base: ScoredAnswer | null
  tuned: ScoredAnswer | null
}

export const SORT_ORDERS = ['worst', 'difference', 'dataset'] as const
export type SortOrder = (typeof SORT_ORDERS)[number]

export interface ReviewFilter {
  sort: SortOrder
  /** Only this expression; null = all. */
  expression: string | null
  /** Only samples that one model has right and the other has wrong. */
  onlyDisagreements: boolean
}

export function scoreSamples(samples: readonly ReviewSample[], source: PredictionSource): ScoredSample[] {
  const judge = (sample: ReviewSample, model: PredictionModel): ScoredAnswer | null => {
    const answer = sample.answers[model][source]
    if (!answer) return null
    const score = scoreSample(answer.boxes, sample.truth, sample)
    return { ...answer, score, quality: score.bestIou ?? (score.correct ? 1 : 0) }
  }
  return samples.map((sample, index) => ({
    number: index + 1,
    id: `${sample.imageId} ${sample.expression}`,
    sample,
    base: judge(sample, 'base'),
    tuned: judge(sample, 'tuned'),
  }))
}

/**
 * worst: the tuned model's weakest answers first (the base's where there is no tuned one).
 * difference: where tuning changed most first, for better or worse. Unanswered samples come last in both.
 */
export function arrange(samples: readonly ScoredSample[], filter: ReviewFilter): ScoredSample[] {
  const kept = samples.filter(
    (item) =>
      (filter.expression === null || item.sample.expression === filter.expression) &&
      (!filter.onlyDisagreements || disagrees(item)),
  )
  if (filter.sort === 'dataset') return kept
  const rank = filter.sort === 'worst' ? weakness : difference
  return kept.toSorted((a, b) => rank(b) - rank(a) || a.number - b.number)
}

export function disagrees({ base, tuned }: ScoredSample): boolean {
  return base !== null && tuned !== null && base.score.correct !== tuned.score.correct
}

function weakness({ base, tuned }: ScoredSample): number {
  const answer = tuned ?? base
  return answer ? 1 - answer.quality : -1
}

function difference({ base, tuned }: ScoredSample): number {
  return base && tuned ? Math.abs(tuned.quality - base.quality) : -1
}

/** All expressions with how often they are asked, most frequent first. */
export function expressionsOf(samples: readonly ReviewSample[]): { expression: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { expression } of samples) counts.set(expression, (counts.get(expression) ?? 0) + 1)
  return [...counts]
    .map(([expression, count]) => ({ expression, count }))
    .sort((a, b) => b.count - a.count || a.expression.localeCompare(b.expression))
}

/** The source to show first: where the answers are; in doubt the browser, which can be watched. */
export function fullerSource(totals: Review['totals']): PredictionSource {
  const count = (source: PredictionSource) =>
    totals.filter((total) => total.source === source).reduce((sum, total) => sum + total.samples, 0)
  return count('server') > count('browser') ? 'server' : 'browser'
}
