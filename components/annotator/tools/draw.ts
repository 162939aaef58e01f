import { createBox } from '../document/edit.ts'
import { boxesAt } from '../geometry/hit-test.ts'
import { distance, type ImagePoint, imagePoint } from '../geometry/points.ts'
import { rectBetween, squareCorner, survivesRounding } from '../geometry/rects.ts'
import { guidesOf, snapShift } from '../geometry/snap.ts'
import {
  DRAG_THRESHOLD,
  type Gesture,
  IDLE,
  type Input,
  type Pointer,
  type Scene,
  type Step,
} from './gesture.ts'
import { clickedSuggestion, cycled } from './select.ts'
import { snapReach, targetsAround } from './snapping.ts'

type Drawing = Extract<Gesture, { at: 'drawing' }>

export function startDrawing(pointer: Pointer, scene: Scene): Step {
  const [x, y] = pointer.image
  const targets = targetsAround([{ x, y, width: 0, height: 0 }], [], scene)
  const drawing = { at: 'drawing', screen: pointer.screen, targets, deeper: pointer.alt } as const
  const origin = snapped({ targets }, pointer, scene)
  return { gesture: { ...drawing, origin, corner: origin } }
}

export function drawingStep(
  gesture: Drawing,
  type: Exclude<Input['type'], 'cancel'>,
  pointer: Pointer,
  scene: Scene,
): Step {
  const { doc } = scene
  const isClick = distance(gesture.screen, pointer.screen) < DRAG_THRESHOLD
  const corner = pointer.shift
    ? squareCorner(gesture.origin, pointer.image, doc.image)
    : snapped(gesture, pointer, scene)
  const rect = rectBetween(gesture.origin, corner, doc.image)
  if (type !== 'release') {
    const shows = snapReach(scene, pointer) > 0 && !isClick
    return { gesture: { ...gesture, corner }, guides: shows ? guidesOf(rect, gesture.targets) : [] }
  }
  // A click without a drag selects what is under it: nobody draws a box of three pixels of the screen.
  if (isClick) {
    const under = boxesAt(doc, pointer.image, scene.guards)
    const focus = clickedSuggestion(under, pointer, scene)
    return { gesture: IDLE, ...(focus ?? { select: cycled(under, scene.selection, gesture.deeper) }) }
  }
  if (!survivesRounding(rect, doc.image)) return { gesture: IDLE, tooSmall: rect }
  if (!scene.active) return { gesture: IDLE, drawn: rect }
  const { id, changes } = createBox(doc, scene.active, rect, scene.ids)
  return { gesture: IDLE, commit: { step: 'draw', changes }, select: [id] }
}

function snapped({ targets }: Pick<Drawing, 'targets'>, pointer: Pointer, scene: Scene): ImagePoint {
  const [x, y] = pointer.image
  const reach = snapReach(scene, pointer)
  return imagePoint(x + snapShift([x], targets.x, reach), y + snapShift([y], targets.y, reach))
}
