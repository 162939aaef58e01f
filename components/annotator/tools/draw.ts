import { createBox } from '../document/edit.ts'
import { boxesAt } from '../geometry/hit-test.ts'
import { distance } from '../geometry/points.ts'
import { rectBetween, survivesRounding } from '../geometry/rects.ts'
import {
  DRAG_THRESHOLD,
  type Gesture,
  IDLE,
  type Input,
  type Pointer,
  type Scene,
  type Step,
} from './gesture.ts'

type Drawing = Extract<Gesture, { at: 'drawing' }>

export function startDrawing({ image, screen }: Pointer): Step {
  return { gesture: { at: 'drawing', origin: image, screen, corner: image } }
}

export function drawingStep(
  gesture: Drawing,
  type: Exclude<Input['type'], 'cancel'>,
  pointer: Pointer,
  scene: Scene,
): Step {
  if (type !== 'release') return { gesture: { ...gesture, corner: pointer.image } }
  // A click without a drag selects what is under it: nobody draws a box of three pixels of the screen.
  if (distance(gesture.screen, pointer.screen) < DRAG_THRESHOLD) {
    return { gesture: IDLE, select: boxesAt(scene.doc, pointer.image).slice(0, 1) }
  }
  const rect = rectBetween(gesture.origin, pointer.image, scene.doc.image)
  if (!survivesRounding(rect, scene.doc.image)) return { gesture: IDLE, tooSmall: rect }
  if (!scene.active) return { gesture: IDLE, drawn: rect }
  const { id, changes } = createBox(scene.doc, scene.active, rect, scene.ids)
  return { gesture: IDLE, commit: { step: 'draw', changes }, select: [id] }
}
