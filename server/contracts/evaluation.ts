import { z } from 'zod'
import { EvalMetrics } from './run-events.ts'

const Share = z.number().min(0).max(1)
/** null = there was nothing to measure it on. */
const MaybeShare = Share.nullable()
const Interval = z.object({ low: z.number(), high: z.number() })

const Matching = z.object({
  true: z.number().int().min(0),
  predicted: z.number().int().min(0),
  matched: z.number().int().min(0),
  precision: Share,
  recall: Share,
  f1: Share,
})

/** The twelve figures of the COCO benchmark, in pixels; every box has the same confidence. */
const CocoFigures = z.object({
  ap: MaybeShare,
  ap50: MaybeShare,
  ap75: MaybeShare,
  ap_small: MaybeShare,
  ap_medium: MaybeShare,
  ap_large: MaybeShare,
  ar_1: MaybeShare,
  ar_10: MaybeShare,
  ar_100: MaybeShare,
  ar_small: MaybeShare,
  ar_medium: MaybeShare,
  ar_large: MaybeShare,
})

/** One model's predictions held against the truth. */
export const EvaluationFigures = EvalMetrics.extend({
  /** Stated negatives that got a box all the same. */
  false_positive_rate: MaybeShare,
  /** Boxes that repeat an earlier one of the same answer (IoU from 0.9). */
  duplicate_rate: Share,
  /** Mean over labels, as COCO defines it. */
  ap50: MaybeShare,
  expressions: z.number().int().min(0),
  negatives: z.number().int().min(0),
  unanswered: z.number().int().min(0),
  /** Precision @ 1 by the published protocol, over the questions it can judge. */
  refcoco: z.object({ precision_at_1: Share, expressions: z.number().int().min(1) }).nullable(),
  coco: CocoFigures.nullable(),
  /** Areas below 32², below 96², and larger, in pixels. */
  by_size: z.object({ small: Matching, medium: Matching, large: Matching }).nullable(),
  by_label: z.array(Matching.extend({ label: z.string(), ap50: MaybeShare })),
  /** Questions left out of what needs pixels, as the size of their picture is not known. */
  questions_without_size: z.number().int().min(0),
  intervals: z.record(z.string(), Interval),
})
export type EvaluationFigures = z.infer<typeof EvaluationFigures>

/** The file that `python -m refbox_trainer evaluate` writes. */
export const Evaluation = EvaluationFigures.extend({
  bootstrap: z.object({
    resamples: z.number().int().min(1),
    seed: z.number().int().min(0),
    level: z.number().min(0).max(1),
    pictures: z.number().int().min(1),
  }),
  /** The same of the model it is compared with, and what it gained over that. */
  baseline: EvaluationFigures.nullable(),
  difference: z.record(z.string(), Interval.extend({ value: z.number() })).nullable(),
})
export type Evaluation = z.infer<typeof Evaluation>
