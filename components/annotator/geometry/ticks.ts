/** CSS pixels that a number on a ruler needs beside its neighbour. */
const ROOM = 64
const NICE = [1, 2, 5]

/** Distance of the numbers on a ruler: 1, 2 or 5 times a power of ten, at least `ROOM` apart on the screen. */
export function tickStep(perUnit: number): number {
  const least = ROOM / perUnit
  const power = 10 ** Math.floor(Math.log10(least))
  const nice = NICE.find((factor) => factor * power >= least)
  return Math.max(1, nice === undefined ? 10 * power : nice * power)
}

/** Multiples of the step from the first to the last value, ends included. */
export function ticks(first: number, last: number, step: number): number[] {
  const [low, high] = [Math.min(first, last), Math.max(first, last)]
  const from = Math.ceil(low / step)
  const count = Math.max(0, Math.floor(high / step) - from + 1)
  return Array.from({ length: count }, (_, place) => (from + place) * step)
}
