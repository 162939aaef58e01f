import type { NormalisedBox } from '../contracts/prediction.ts'
import { type Corners, denormaliseBox, type Size } from './coordinates.ts'

/** A predicted box counts as right from here on (RefCOCO's Precision@1 uses the same number). */
export const IOU_THRESHOLD = 0.5

/** From here on two boxes of one expression are the same box, drawn twice. */
export const SAME_BOX_IOU = 0.9

/** Intersection over union of two boxes in one unit, with plain areas (no +1); 0 when they do not meet. */
export function iou(a: Corners, b: Corners): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (!(width > 0 && height > 0)) return 0
  const shared = width * height
  return shared / (area(a) + area(b) - shared)
}

function area([x1, y1, x2, y2]: Corners): number {
  return (x2 - x1) * (y2 - y1)
}

export interface BoxMatch {
  predicted: number
  truth: number
  iou: number
}

/**
 * One-to-one matching: the pair with the largest IoU first, ties by the order of the prediction, then
 * of the truth, until no pair reaches the threshold.
 */
export function greedyMatch(
  predicted: readonly Corners[],
  truth: readonly Corners[],
  threshold: number = IOU_THRESHOLD,
): BoxMatch[] {
  const pairs: BoxMatch[] = []
  for (const [p, box] of predicted.entries()) {
    for (const [t, other] of truth.entries()) {
      const overlap = iou(box, other)
      if (overlap >= threshold) pairs.push({ predicted: p, truth: t, iou: overlap })
    }
  }
  pairs.sort((a, b) => b.iou - a.iou || a.predicted - b.predicted || a.truth - b.truth)
  const takenPredictions = new Set<number>()
  const takenTruths = new Set<number>()
  return pairs.filter((pair) => {
    if (takenPredictions.has(pair.predicted) || takenTruths.has(pair.truth)) return false
    takenPredictions.add(pair.predicted)
    takenTruths.add(pair.truth)
    return true
  })
}

export interface SampleScore {
  /** The first predicted box overlaps some true one by the threshold; for a negative: nothing predicted. */
  correct: boolean
  matches: BoxMatch[]
  predicted: number
  truth: number
  /** Best IoU of the first predicted box with any true one; 0 without a prediction, null for a negative. */
  bestIou: number | null
}

/**
 * @param predicted as the model wrote them, 0..1000
 * @param truth pixels; empty = the expression is not on the image
 */
export function scoreSample(
  predicted: readonly NormalisedBox[],
  truth: readonly Corners[],
  size: Size,
): SampleScore {
  const boxes = predicted.map((box) => denormaliseBox(box, size))
  const matches = greedyMatch(boxes, truth)
  const counts = { matches, predicted: boxes.length, truth: truth.length }
  if (truth.length === 0) return { ...counts, correct: boxes.length === 0, bestIou: null }
  const first = boxes[0]
  const bestIou = first ? Math.max(...truth.map((box) => iou(first, box))) : 0
  return { ...counts, correct: bestIou >= IOU_THRESHOLD, bestIou }
}

export interface GroundingMetrics {
  samples: number
  precisionAt1: number
  precision: number
  recall: number
  f1: number
  /** Mean of `bestIou` over the samples with truth; 0 when there are none. */
  meanIou: number
}

/**
 * Totals over samples. Precision and recall count boxes, not samples. Nothing to find and nothing
 * predicted is perfect (1); otherwise a quotient without a denominator is 0.
 */
export function groundingMetrics(scores: readonly SampleScore[]): GroundingMetrics {
  const matched = sum(scores, (score) => score.matches.length)
  const predicted = sum(scores, (score) => score.predicted)
  const truth = sum(scores, (score) => score.truth)
  const nothing = predicted === 0 && truth === 0 && scores.length > 0
  const positives = scores.filter((score) => score.bestIou !== null)
  return {
    samples: scores.length,
    precisionAt1: quotient(
      sum(scores, (score) => (score.correct ? 1 : 0)),
      scores.length,
    ),
    precision: nothing ? 1 : quotient(matched, predicted),
    recall: nothing ? 1 : quotient(matched, truth),
    f1: nothing ? 1 : quotient(2 * matched, predicted + truth),
    meanIou: quotient(
      sum(positives, (score) => score.bestIou ?? 0),
      positives.length,
    ),
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}

function quotient(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
