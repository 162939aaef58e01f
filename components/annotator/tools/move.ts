import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { placeBoxes } from '../document/edit.ts'
import {
  boundsOf,
  type Handle,
  moveRects,
  type Rect,
  rectOf,
  resizeRects,
  survivesRounding,
} from '../geometry/rects.ts'
import { guidesOf, type SnapTargets, snapShift } from '../geometry/snap.ts'
import { type Gesture, IDLE, type Input, type Pointer, type Scene, type Step } from './gesture.ts'
import { snapReach } from './snapping.ts'

type EventType = Exclude<Input['type'], 'cancel'>

export function movingStep(
  { grabbed, origin, targets }: Extract<Gesture, { at: 'moving' }>,
  type: EventType,
  pointer: Pointer,
  scene: Scene,
): Step {
  const gesture = { at: 'moving', grabbed, origin, targets } as const
  const [dx, dy] = [pointer.image[0] - origin[0], pointer.image[1] - origin[1]]
  const frame = boundsOf(grabbed)
  const reach = snapReach(scene, pointer)
  const x = snapShift([frame.x + dx, frame.x + frame.width + dx], targets.x, reach)
  const y = snapShift([frame.y + dy, frame.y + frame.height + dy], targets.y, reach)
  const rects = moveRects(grabbed.map(rectOf), dx + x, dy + y, scene.doc.image)
  const changes = placeBoxes(scene.doc, placesOf(grabbed, rects))
  if (type !== 'release') return { gesture, preview: changes, guides: guides(reach, rects, targets) }
  return { gesture: IDLE, commit: { step: 'move', changes } }
}

export function resizingStep(
  gesture: Extract<Gesture, { at: 'resizing' }>,
  type: EventType,
  pointer: Pointer,
  scene: Scene,
): Step {
  const { grabbed, handle, origin, targets } = gesture
  const { image } = scene.doc
  // The sides are tied to each other then: an edge that jumps would take the other one off its place.
  const reach = pointer.shift ? 0 : snapReach(scene, pointer)
  const [dx, dy] = [pointer.image[0] - origin[0], pointer.image[1] - origin[1]]
  const frame = boundsOf(grabbed)
  const x = snapShift(dragged(handle, 'w', 'e', frame.x, frame.width, dx), targets.x, reach)
  const y = snapShift(dragged(handle, 'n', 's', frame.y, frame.height, dy), targets.y, reach)
  const drag = { handle, dx: dx + x, dy: dy + y, keepAspect: pointer.shift }
  const rects = resizeRects(grabbed.map(rectOf), drag, image)
  const changes = placeBoxes(scene.doc, placesOf(grabbed, rects))
  if (type !== 'release') return { gesture, preview: changes, guides: guides(reach, rects, targets) }
  const tooSmall = rects.find((rect) => !survivesRounding(rect, image))
  return tooSmall ? { gesture: IDLE, tooSmall } : { gesture: IDLE, commit: { step: 'resize', changes } }
}

/** Where the edge that the handle drags comes to lie on one axis; none when it drags the other axis only. */
function dragged(
  handle: Handle,
  near: 'w' | 'n',
  far: 'e' | 's',
  start: number,
  length: number,
  delta: number,
): number[] {
  if (handle.includes(near)) return [start + delta]
  return handle.includes(far) ? [start + length + delta] : []
}

function guides(reach: number, rects: readonly Rect[], targets: SnapTargets): Step['guides'] {
  return reach > 0 ? guidesOf(boundsOf(rects), targets) : []
}

function placesOf(boxes: readonly Box[], rects: readonly Rect[]): Map<BoxId, Rect> {
  return new Map(boxes.map((box, place) => [box.id, rects[place] ?? rectOf(box)]))
}
