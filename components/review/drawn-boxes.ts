import { labelColour } from '../../server/contracts/label-colours.ts'
import { type Corners, denormaliseBox } from '../../server/grounding/coordinates.ts'
import type { ReviewSample, ScoredAnswer } from './scored-sample.ts'

/**
 * truth and match: solid, in the colour of the true box. miss: a true box nobody predicted, dashed in its
 * colour. extra: a predicted box that matches nothing, dotted in red.
 */
export type BoxRole = 'truth' | 'match' | 'miss' | 'extra'

export interface DrawnBox {
  role: BoxRole
  corners: Corners
  colour: string
  /** IoU of a match; null for everything else. */
  iou: number | null
}

/** Not among the label colours, so that an extra box is never taken for a match. */
const EXTRA_COLOUR = '#ff2d2d'

export function truthBoxes({ truth }: Pick<ReviewSample, 'truth'>): DrawnBox[] {
  return truth.map((corners, index) => ({
    role: 'truth',
    corners,
    colour: labelColour(index),
    iou: null,
  }))
}

/** A true box keeps its colour in every pane; misses are drawn first, so that they lie underneath. */
export function answerBoxes(
  sample: Pick<ReviewSample, 'truth' | 'width' | 'height'>,
  { boxes, score }: Pick<ScoredAnswer, 'boxes' | 'score'>,
): DrawnBox[] {
  const byPrediction = new Map(score.matches.map((match) => [match.predicted, match]))
  const found = new Set(score.matches.map((match) => match.truth))
  const misses = truthBoxes(sample)
    .filter((_, index) => !found.has(index))
    .map((box): DrawnBox => ({ ...box, role: 'miss' }))
  const predicted = boxes.map((box, index): DrawnBox => {
    const corners = denormaliseBox(box, sample)
    const match = byPrediction.get(index)
    return match
      ? { role: 'match', corners, colour: labelColour(match.truth), iou: match.iou }
      : { role: 'extra', corners, colour: EXTRA_COLOUR, iou: null }
  })
  return [...misses, ...predicted]
}
