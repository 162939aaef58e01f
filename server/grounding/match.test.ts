import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NormalisedBox } from '../contracts/prediction.ts'
import type { Corners } from './coordinates.ts'
import { greedyMatch, groundingMetrics, iou, scoreSample } from './match.ts'

const shared: {
  samples: {
    name: string
    width: number
    height: number
    predicted: NormalisedBox[]
    truth: Corners[]
    correct: boolean
    matched: number
    best_iou: number | null
  }[]
  totals: Record<'samples' | 'precision_at_1' | 'precision' | 'recall' | 'f1' | 'mean_iou', number>
} = JSON.parse(readFileSync('trainer/contracts/examples/metrics.json', 'utf8'))

const score = (sample: (typeof shared.samples)[number]) => scoreSample(sample.predicted, sample.truth, sample)

const span = fc.tuple(
  fc.double({ min: 0, max: 900, noNaN: true }),
  fc.double({ min: 1, max: 100, noNaN: true }),
)
const corners = fc
  .tuple(span, span)
  .map(([[x, width], [y, height]]): Corners => [x, y, x + width, y + height])

describe('the metrics shared with the trainer', () => {
  it.each(shared.samples)('score: $name', (sample) => {
    const { correct, matches, bestIou } = score(sample)
    expect({ correct, matched: matches.length }).toEqual({ correct: sample.correct, matched: sample.matched })
    if (sample.best_iou === null) expect(bestIou).toBeNull()
    else expect(bestIou).toBeCloseTo(sample.best_iou, 12)
  })

  it('add up to the totals', () => {
    const totals = groundingMetrics(shared.samples.map(score))
    expect(totals.samples).toBe(shared.totals.samples)
    expect(totals.precisionAt1).toBeCloseTo(shared.totals.precision_at_1, 12)
    expect(totals.precision).toBeCloseTo(shared.totals.precision, 12)
    expect(totals.recall).toBeCloseTo(shared.totals.recall, 12)
    expect(totals.f1).toBeCloseTo(shared.totals.f1, 12)
    expect(totals.meanIou).toBeCloseTo(shared.totals.mean_iou, 12)
  })

  it('are perfect when there is nothing to find and nothing was found, and 0 without samples', () => {
    expect(groundingMetrics([scoreSample([], [], { width: 10, height: 10 })])).toMatchObject({
      f1: 1,
      precisionAt1: 1,
    })
    expect(groundingMetrics([])).toMatchObject({ f1: 0, precisionAt1: 0 })
  })
})

describe('iou', () => {
  it('is symmetric, between 0 and 1, and 1 with itself', () => {
    fc.assert(
      fc.property(corners, corners, (a, b) => {
        expect(iou(a, b)).toBe(iou(b, a))
        expect(iou(a, b)).toBeGreaterThanOrEqual(0)
        expect(iou(a, b)).toBeLessThanOrEqual(1 + 1e-12)
        expect(iou(a, a)).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('greedyMatch', () => {
  it('uses no box twice and every pair reaches the threshold', () => {
    fc.assert(
      fc.property(
        fc.array(corners, { maxLength: 8 }),
        fc.array(corners, { maxLength: 8 }),
        (predicted, truth) => {
          const matches = greedyMatch(predicted, truth, 0.1)
          expect(new Set(matches.map((m) => m.predicted)).size).toBe(matches.length)
          expect(new Set(matches.map((m) => m.truth)).size).toBe(matches.length)
          for (const match of matches) expect(match.iou).toBeGreaterThanOrEqual(0.1)
        },
      ),
    )
  })
})
