import { z } from 'zod'

/**
 * Positions of images in their project, written like the pages of a print job: "1-48,50,52-100000". A position
 * names one image for good (it is never given twice), and a list of 100,000 of them is a few bytes to some
 * hundred kilobytes, where their ids would be megabytes.
 */

/** More images than any project has; what asks for more is refused before it is spread out in memory. */
const MOST = 2_000_000

export const PositionRanges = z
  .string()
  .max(16_000_000)
  .refine((text) => countOf(text) <= MOST, 'positions.unreadable')

/** How many positions a text names; infinitely many when it is not readable. */
export function countOf(text: string): number {
  let count = 0
  for (const range of ranges(text)) {
    if (range === null) return Number.POSITIVE_INFINITY
    count += range.to - range.from + 1
  }
  return count
}

/** @throws RangeError when the text is not readable; `PositionRanges` has checked that */
export function readPositions(text: string): Int32Array {
  const count = countOf(text)
  if (count > MOST) throw new RangeError('These are not positions of images.')
  const positions = new Int32Array(count)
  let at = 0
  for (const range of ranges(text)) {
    if (range) for (let position = range.from; position <= range.to; position += 1) positions[at++] = position
  }
  return positions
}

/** @param positions ascending, each once */
export function writePositions(positions: ArrayLike<number>): string {
  const parts: string[] = []
  for (let start = 0; start < positions.length; ) {
    let end = start
    while (end + 1 < positions.length && positions[end + 1] === Number(positions[end]) + 1) end += 1
    parts.push(start === end ? `${positions[start]}` : `${positions[start]}-${positions[end]}`)
    start = end + 1
  }
  return parts.join(',')
}

/** Where a position stands in an ascending list, or would stand: the first place that is not before it. */
export function placeOf(positions: ArrayLike<number>, position: number): number {
  let [low, high] = [0, positions.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Number(positions[middle]) < position) low = middle + 1
    else high = middle
  }
  return low
}

/** Null stands for what is no range, or not after the one before. */
function* ranges(text: string): Generator<{ from: number; to: number } | null> {
  if (text === '') return
  let last = -1
  for (const part of text.split(',')) {
    const [, first, end] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? []
    const from = Number(first)
    const to = Number(end ?? first)
    if (first === undefined || from <= last || to < from) {
      yield null
      return
    }
    yield { from, to }
    last = to
  }
}
