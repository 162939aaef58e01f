import type { BoxId } from '../../../server/contracts/ids.ts'
import { placeBoxes } from '../document/edit.ts'
import { moveRects, type Rect, rectOf, resizeRect, survivesRounding } from '../geometry/rects.ts'
import { type Gesture, IDLE, type Input, type Pointer, type Scene, type Step } from './gesture.ts'

type EventType = Exclude<Input['type'], 'cancel'>

export function movingStep(
  gesture: Extract<Gesture, { at: 'moving' }>,
  type: EventType,
  { image }: Pointer,
  scene: Scene,
): Step {
  const [dx, dy] = [image[0] - gesture.origin[0], image[1] - gesture.origin[1]]
  const moved = moveRects(gesture.grabbed.map(rectOf), dx, dy, scene.doc.image)
  const places = new Map<BoxId, Rect>()
  for (const [place, box] of gesture.grabbed.entries()) {
    const rect = moved[place]
    if (rect) places.set(box.id, rect)
  }
  const changes = placeBoxes(scene.doc, places)
  if (type !== 'release') return { gesture, preview: changes }
  return { gesture: IDLE, commit: { step: 'move', changes } }
}

export function resizingStep(
  gesture: Extract<Gesture, { at: 'resizing' }>,
  type: EventType,
  { image, shift }: Pointer,
  scene: Scene,
): Step {
  const { grabbed, handle, origin } = gesture
  const [dx, dy] = [image[0] - origin[0], image[1] - origin[1]]
  const rect = resizeRect(rectOf(grabbed), handle, dx, dy, scene.doc.image, shift)
  const changes = placeBoxes(scene.doc, new Map([[grabbed.id, rect]]))
  if (type !== 'release') return { gesture, preview: changes }
  if (!survivesRounding(rect, scene.doc.image)) return { gesture: IDLE, tooSmall: rect }
  return { gesture: IDLE, commit: { step: 'resize', changes } }
}
