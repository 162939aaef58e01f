import { Rect } from 'react-konva'
import type { Rect as Area } from '../geometry/rects.ts'
import { DARK, LIGHT } from './ink.ts'

/** The rectangle that takes in what lies completely inside it. */
export function Marquee({ rect }: { rect: Area }) {
  return (
    <>
      <Rect {...rect} stroke={DARK} strokeWidth={1} listening={false} />
      <Rect
        {...rect}
        stroke={LIGHT}
        strokeWidth={1}
        dash={[4, 4]}
        fill="rgba(255, 255, 255, 0.12)"
        listening={false}
      />
    </>
  )
}
