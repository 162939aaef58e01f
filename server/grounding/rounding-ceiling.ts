import { type Corners, denormaliseBox, normaliseBox, type Size } from './coordinates.ts'
import { iou } from './match.ts'

/**
 * The best IoU any model can reach on this box: the four integers of the training text against the
 * box as it was drawn. Small boxes on large images lose the most. 0 when the box cannot be written.
 */
export function iouCeiling(corners: Corners, size: Size): number {
  const written = normaliseBox(corners, size)
  return written.ok ? iou(denormaliseBox(written.box, size), corners) : 0
}
