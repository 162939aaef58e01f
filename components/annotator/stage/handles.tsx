import { Rect } from 'react-konva'
import { type Rect as Area, HANDLES, handlePlace } from '../geometry/rects.ts'
import { DARK, LIGHT } from './ink.ts'

/** CSS pixels of a side from which the handles of the edges have room between the corners. */
const EDGE_HANDLES_FROM = 36
const HANDLE_SIZE = 8

/**
 * The eight handles of a frame on the screen.
 * @param outlined the frame is around several boxes and has no line of its own yet
 */
export function Handles({ rect, outlined }: { rect: Area; outlined: boolean }) {
  const shown = HANDLES.filter((handle) => {
    if (handle.length === 2) return true
    const side = handle === 'n' || handle === 's' ? rect.width : rect.height
    return side >= EDGE_HANDLES_FROM
  })
  return (
    <>
      {outlined && (
        <>
          <Rect {...rect} stroke={DARK} strokeWidth={1} opacity={0.6} listening={false} />
          <Rect {...rect} stroke={LIGHT} strokeWidth={1} dash={[2, 3]} listening={false} />
        </>
      )}
      {shown.map((handle) => {
        const [x, y] = handlePlace(handle)
        return (
          <Rect
            key={handle}
            x={rect.x + x * rect.width - HANDLE_SIZE / 2}
            y={rect.y + y * rect.height - HANDLE_SIZE / 2}
            width={HANDLE_SIZE}
            height={HANDLE_SIZE}
            fill={LIGHT}
            stroke={DARK}
            strokeWidth={1.25}
            cornerRadius={1.5}
            listening={false}
            perfectDrawEnabled={false}
          />
        )
      })}
    </>
  )
}
