declare const space: unique symbol

/** A type of its own for each space, so that screen and image coordinates cannot be mixed up. */
type Brand<T, Space extends string> = T & { readonly [space]: Space }

/** Pixels of the oriented original, floats. What is stored. */
export type ImagePoint = Brand<readonly [x: number, y: number], 'image'>
/** CSS pixels from the left top corner of the canvas. */
export type ScreenPoint = Brand<readonly [x: number, y: number], 'screen'>

export const imagePoint = (x: number, y: number): ImagePoint => [x, y] as unknown as ImagePoint
export const screenPoint = (x: number, y: number): ScreenPoint => [x, y] as unknown as ScreenPoint

export function distance(a: ScreenPoint, b: ScreenPoint): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}
