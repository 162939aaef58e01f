import type { EditorState } from '../editor/state.ts'
import { handleAt } from '../geometry/hit-test.ts'
import type { Handle } from '../geometry/rects.ts'
import { handleOfImage, turnBy } from '../geometry/turn.ts'
import { toScreen } from '../geometry/viewport.ts'
import { focusedOne } from '../suggestions/suggestion.ts'
import { frameOf } from '../tools/frame.ts'

const RESIZE: Record<Handle, string> = {
  nw: 'nwse-resize',
  se: 'nwse-resize',
  ne: 'nesw-resize',
  sw: 'nesw-resize',
  n: 'ns-resize',
  s: 'ns-resize',
  e: 'ew-resize',
  w: 'ew-resize',
}

/** The CSS cursor that says what a press would do here. */
export function cursorOf(state: EditorState, spaceHeld: boolean): string {
  const { gesture, tool, pointer, viewport, hovered, readOnly } = state
  // Handles are named on the image; what the hand sees may be turned.
  const shown = (handle: Handle) => RESIZE[handleOfImage(turnBy(0, -viewport.turn), handle)]
  if (gesture.at === 'panning') return 'grabbing'
  if (spaceHeld || tool === 'pan') return 'grab'
  if (gesture.at === 'resizing' || gesture.at === 'correcting') return shown(gesture.handle)
  if (gesture.at === 'moving') return 'move'
  const focused = pointer && focusedOne(state)
  const corner = focused && handleAt(focused.rect, viewport, toScreen(viewport, pointer))
  if (corner && !readOnly) return shown(corner)
  if (tool === 'draw') return readOnly ? 'not-allowed' : 'crosshair'
  const frame = pointer && frameOf(state)
  const handle = frame && handleAt(frame, viewport, toScreen(viewport, pointer))
  if (handle) return shown(handle)
  return hovered ? 'pointer' : 'default'
}
