import type { Box } from '../../../server/contracts/annotation.ts'
import { isHidden } from '../document/guards.ts'
import type { EditorState } from '../editor/state.ts'
import { imagePoint } from '../geometry/points.ts'
import { boundsOf, HANDLES, handlePlace, type Rect, rectBetween } from '../geometry/rects.ts'
import type { Guide } from '../geometry/snap.ts'
import { rectToScreen, toScreen } from '../geometry/viewport.ts'
import { framedBoxes } from '../tools/frame.ts'
import { DARK, GUIDE, LIGHT } from './ink.ts'
import { paintBoxes } from './paint-boxes.ts'
import { MAX_SELECTED_NODES, paintedBox, shownBox } from './visible-boxes.ts'

type Context = CanvasRenderingContext2D
type Colours = ReadonlyMap<string, string>

/** CSS pixels of a side from which the handles of the edges have room between the corners. */
const EDGE_HANDLES_FROM = 36
const HANDLE_SIZE = 8
const UNNAMED_COLOUR = '#ffffff'

/** What the hand is at: crosshair, selected boxes with handles, guides, the box being drawn or the marquee. */
export function paintHand(context: Context, state: EditorState, colours: Colours): void {
  if (showsCrosshair(state)) paintCrosshair(context, state)
  paintSelected(context, state, colours)
  const frame = frameOnScreen(state)
  if (frame) paintHandles(context, frame, state.selection.length > 1)
  for (const guide of state.guides) paintGuide(context, state, guide)
  paintRubber(context, state, colours)
}

/** Whether `paintHand` draws anything. */
export function hasSomething(state: EditorState): boolean {
  const { selection, gesture, unnamed, guides } = state
  return (
    selection.length > 0 ||
    gesture.at !== 'idle' ||
    unnamed !== null ||
    guides.length > 0 ||
    showsCrosshair(state)
  )
}

export function showsCrosshair({ tool, view, pointer }: EditorState): boolean {
  return tool === 'draw' && view.crosshair && pointer !== null
}

/** Lines through the pointer while drawing: an edge can be lined up before the first press. */
function paintCrosshair(context: Context, { pointer, viewport, area }: EditorState): void {
  if (!pointer) return
  const [x, y] = toScreen(viewport, pointer)
  context.beginPath()
  context.moveTo(0, y)
  context.lineTo(area.width, y)
  context.moveTo(x, 0)
  context.lineTo(x, area.height)
  strokeTwice(context, [4, 4], 0.6)
}

function paintSelected(context: Context, state: EditorState, colours: Colours): void {
  const { doc, preview, selection, guards } = state
  if (selection.length > MAX_SELECTED_NODES) return
  for (const id of selection) {
    const box = shownBox(doc, preview, id)
    if (!box || isHidden(guards, doc, box)) continue
    const painted = paintedBox(box, { ...state, active: null }, colours)
    paintBoxes(context, [{ ...painted, emphasis: 'selected' }])
  }
}

/** Around everything that is selected, as it lies now. */
function frameOnScreen(state: EditorState): Rect | null {
  const { viewport, preview } = state
  const boxes = framedBoxes(state)
  if (boxes.length === 0) return null
  const moved = new Map<string, Box>()
  for (const change of preview) if (change.type === 'box' && change.after) moved.set(change.id, change.after)
  return rectToScreen(viewport, boundsOf(boxes.map((box) => moved.get(box.id) ?? box)))
}

/** @param outlined the frame is around several boxes and has no line of its own yet */
export function paintHandles(context: Context, rect: Rect, outlined: boolean): void {
  if (outlined) {
    context.beginPath()
    context.rect(rect.x, rect.y, rect.width, rect.height)
    strokeTwice(context, [2, 3], 0.6)
  }
  context.fillStyle = LIGHT
  context.strokeStyle = DARK
  context.lineWidth = 1.25
  for (const handle of HANDLES) {
    const side = handle === 'n' || handle === 's' ? rect.width : rect.height
    if (handle.length === 1 && side < EDGE_HANDLES_FROM) continue
    const [x, y] = handlePlace(handle)
    const left = rect.x + x * rect.width - HANDLE_SIZE / 2
    const top = rect.y + y * rect.height - HANDLE_SIZE / 2
    context.beginPath()
    context.roundRect(left, top, HANDLE_SIZE, HANDLE_SIZE, 1.5)
    context.fill()
    context.stroke()
  }
}

/** Where the edges under the hand are lined up with others. */
function paintGuide(context: Context, { viewport }: EditorState, { axis, at, from, to }: Guide): void {
  const ends =
    axis === 'x' ? [imagePoint(at, from), imagePoint(at, to)] : [imagePoint(from, at), imagePoint(to, at)]
  context.strokeStyle = GUIDE
  context.lineWidth = 1
  context.beginPath()
  for (const end of ends) {
    const [x, y] = toScreen(viewport, end)
    context.lineTo(x, y)
  }
  context.stroke()
}

/** The box being drawn, the one that waits for its name, or the marquee. */
function paintRubber(context: Context, state: EditorState, colours: Colours): void {
  const { gesture, unnamed, viewport, active, doc } = state
  const drawn =
    gesture.at === 'drawing' || gesture.at === 'selecting'
      ? rectBetween(gesture.origin, gesture.corner, doc.image)
      : unnamed
  if (!drawn) return
  const rect = rectToScreen(viewport, drawn)
  if (gesture.at === 'selecting') {
    context.fillStyle = 'rgba(255, 255, 255, 0.12)'
    context.fillRect(rect.x, rect.y, rect.width, rect.height)
    context.beginPath()
    context.rect(rect.x, rect.y, rect.width, rect.height)
    strokeTwice(context, [4, 4], 1)
    return
  }
  const colour = colours.get(active?.text ?? '') ?? UNNAMED_COLOUR
  paintBoxes(context, [{ rect, colour, label: '', emphasis: 'selected' }])
}

/** A dark line and a dashed light one on it: seen on any picture. */
function strokeTwice(context: Context, dash: number[], darkAlpha: number): void {
  context.lineWidth = 1
  context.globalAlpha = darkAlpha
  context.strokeStyle = DARK
  context.stroke()
  context.globalAlpha = 1
  context.strokeStyle = LIGHT
  context.setLineDash(dash)
  context.stroke()
  context.setLineDash([])
}
