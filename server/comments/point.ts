import type { CommentPoint } from '../contracts/comment.ts'
import { StudioError } from '../errors.ts'
import type { Size } from '../grounding/coordinates.ts'

/** Refuses a pin that nobody could ever see. */
export function requirePointInside(point: CommentPoint | null, { width, height }: Size): void {
  if (!point || (point.x <= width && point.y <= height)) return
  throw new StudioError('BAD_REQUEST', {
    message: `The point (${Math.round(point.x)}, ${Math.round(point.y)}) lies outside the image of ${width} × ${height} pixels. Pin the comment on the picture.`,
  })
}
