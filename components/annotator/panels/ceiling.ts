import type { Box } from '../../../server/contracts/annotation.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import { cornersOf } from '../../../server/grounding/document.ts'
import { iouCeiling } from '../../../server/grounding/rounding-ceiling.ts'

/** Below this the rounding alone takes a quarter of the match away: the box is too small for the model. */
export const LOW_CEILING = 0.75

/** A box belongs to one image and never changes, so neither does this. */
const ceilings = new WeakMap<Box, number>()

/** `iouCeiling` of a record, worked out once. */
export function ceilingOf(box: Box, image: Size): number {
  const known = ceilings.get(box)
  if (known !== undefined) return known
  const ceiling = iouCeiling(cornersOf(box), image)
  ceilings.set(box, ceiling)
  return ceiling
}
