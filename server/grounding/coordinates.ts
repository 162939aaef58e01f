import type { NormalisedBox } from '../contracts/prediction.ts'

/** Width and height of the oriented original, in pixels. */
export interface Size {
  width: number
  height: number
}

/** x1, y1, x2, y2 in image pixels, floats; x to the right, y down, (0, 0) at the left top corner. */
export type Corners = readonly [x1: number, y1: number, x2: number, y2: number]

/** The model's coordinates are integers 0..1000 per axis (InternVL grounding convention). */
export const NORMALISED_MAX = 1000

/**
 * Python's `round(x)` for doubles: to the nearest integer, ties to the even one. `Math.round` sends
 * ties upwards, which moves every second exact half by one.
 */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest < 0.5) return floor
  if (rest > 0.5) return floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * `round(value / size * 1000)` in doubles, in exactly this order of operations, clamped to 0..1000.
 * @param value pixels on one axis
 * @param size pixels of the whole axis
 * @throws RangeError when value is not finite or size is not positive: there is no such picture
 */
export function normalise(value: number, size: number): number {
  if (!Number.isFinite(value) || !Number.isFinite(size) || size <= 0) {
    throw new RangeError(`Cannot normalise ${value} on an axis of ${size} pixels.`)
  }
  const rounded = roundHalfEven((value / size) * NORMALISED_MAX)
  return Math.min(NORMALISED_MAX, Math.max(0, rounded))
}

/** The pixel a normalised coordinate stands for; `normalise` gives the same integer back. */
export function denormalise(value: number, size: number): number {
  return (value / NORMALISED_MAX) * size
}

/** Why a box cannot be written as four integers. Axis `x` speaks of the width, `y` of the height. */
export type BoxProblem =
  | { code: 'notFinite' }
  /** x1 ≥ x2 or y1 ≥ y2 already in pixels. */
  | { code: 'empty'; axis: 'x' | 'y' }
  /** No part of it lies on the image. */
  | { code: 'outside' }
  /** Both edges of an axis round to one integer; `smallest` is the width or height that always survives. */
  | { code: 'vanishes'; axis: 'x' | 'y'; smallest: number }

export type NormaliseResult =
  | { ok: true; box: NormalisedBox; clamped: boolean }
  | { ok: false; problem: BoxProblem }

/**
 * Corners in pixels to integers 0..1000 with x1 < x2 and y1 < y2, or the reason why not. A box that
 * sticks out of the image is cut at its border, and says so in `clamped`.
 */
export function normaliseBox(corners: Corners, size: Size): NormaliseResult {
  const problem = boxProblem(corners, size)
  if (problem) return { ok: false, problem }
  const [x1, y1, x2, y2] = corners
  return {
    ok: true,
    box: roundedCorners(corners, size),
    clamped: x1 < 0 || y1 < 0 || x2 > size.width || y2 > size.height,
  }
}

/** The first thing that keeps a box from being written as four integers; null = nothing does. */
export function boxProblem(corners: Corners, size: Size): BoxProblem | null {
  const [x1, y1, x2, y2] = corners
  if (!corners.every(Number.isFinite)) return { code: 'notFinite' }
  if (x1 >= x2) return { code: 'empty', axis: 'x' }
  if (y1 >= y2) return { code: 'empty', axis: 'y' }
  if (x2 <= 0 || y2 <= 0 || x1 >= size.width || y1 >= size.height) return { code: 'outside' }
  const rounded = roundedCorners(corners, size)
  if (rounded[0] >= rounded[2]) return { code: 'vanishes', axis: 'x', smallest: size.width / NORMALISED_MAX }
  if (rounded[1] >= rounded[3]) return { code: 'vanishes', axis: 'y', smallest: size.height / NORMALISED_MAX }
  return null
}

/** The box in pixels that four integers stand for. */
export function denormaliseBox(box: Corners | NormalisedBox, size: Size): Corners {
  const [x1, y1, x2, y2] = box
  return [
    denormalise(x1, size.width),
    denormalise(y1, size.height),
    denormalise(x2, size.width),
    denormalise(y2, size.height),
  ]
}

function roundedCorners([x1, y1, x2, y2]: Corners, { width, height }: Size): NormalisedBox {
  return [normalise(x1, width), normalise(y1, height), normalise(x2, width), normalise(y2, height)]
}
