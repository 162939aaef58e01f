import type { EditorState } from '../editor/state.ts'
import { handleAt } from '../geometry/hit-test.ts'
import type { Handle } from '../geometry/rects.ts'
import { toScreen } from '../geometry/viewport.ts'

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
  const { gesture, tool, pointer, selection, viewport, doc, hovered, readOnly } = state
  if (gesture.at === 'panning') return 'grabbing'
  if (spaceHeld || tool === 'pan') return 'grab'
  if (gesture.at === 'resizing') return RESIZE[gesture.handle]
  if (gesture.at === 'moving') return 'move'
  if (tool === 'draw') return readOnly ? 'not-allowed' : 'crosshair'
  const [id] = selection
  const box = id && selection.length === 1 ? doc.boxes.get(id) : undefined
  const handle = box && pointer && !readOnly ? handleAt(box, viewport, toScreen(viewport, pointer)) : null
  if (handle) return RESIZE[handle]
  return hovered ? 'pointer' : 'default'
}
