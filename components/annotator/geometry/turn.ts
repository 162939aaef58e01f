import type { Size } from '../../../server/grounding/coordinates.ts'
import { HANDLES, type Handle } from './rects.ts'

/** Quarter turns clockwise by which the picture is shown. What is stored never turns. */
export type Turn = 0 | 1 | 2 | 3

const QUARTER_COS = [1, 0, -1, 0] as const
const QUARTER_SIN = [0, 1, 0, -1] as const

export function turnBy(turn: Turn, quarters: number): Turn {
  return ((((turn + quarters) % 4) + 4) % 4) as Turn
}

/** A vector of the image as it points on the screen. */
export function turned(turn: Turn, x: number, y: number): readonly [x: number, y: number] {
  const [cos, sin] = [QUARTER_COS[turn], QUARTER_SIN[turn]]
  return [x * cos - y * sin, x * sin + y * cos]
}

/** A vector of the screen as it points on the image. */
export function unturned(turn: Turn, x: number, y: number): readonly [x: number, y: number] {
  return turned(turnBy(0, -turn), x, y)
}

/** Width and height as they appear. */
export function turnedSize(turn: Turn, { width, height }: Size): Size {
  return turn % 2 === 0 ? { width, height } : { width: height, height: width }
}

/** The handle of the image's rectangle that appears at this handle of the screen. */
export function handleOfImage(turn: Turn, shown: Handle): Handle {
  const place = HANDLES.indexOf(shown)
  return HANDLES[(place - 2 * turn + HANDLES.length) % HANDLES.length] ?? shown
}
