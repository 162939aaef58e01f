import type { Corners } from '../../../server/grounding/coordinates.ts'
import { greedyMatch } from '../../../server/grounding/match.ts'

/**
 * How well an answer meets the truth: the mean IoU of matched boxes, where a box that was missed and one that
 * stands for nothing both count as 0. Thousandths of both sides are stretched alike, which leaves IoU as it is.
 * @returns null when the truth is "not in this image", which has no overlap to measure
 */
export function exampleIou(boxes: readonly Corners[], truth: readonly Corners[]): number | null {
  if (truth.length === 0) return null
  const matched = greedyMatch(boxes, truth, Number.MIN_VALUE)
  return matched.reduce((sum, { iou }) => sum + iou, 0) / Math.max(boxes.length, truth.length)
}
