import type { BoxId } from '../../../server/contracts/ids.ts'
import { boxesAt, boxesWithin, handleAt } from '../geometry/hit-test.ts'
import { distance } from '../geometry/points.ts'
import { rectBetween } from '../geometry/rects.ts'
import {
  DRAG_THRESHOLD,
  type Gesture,
  IDLE,
  type Input,
  type Pointer,
  type Scene,
  type Step,
} from './gesture.ts'

type EventType = Exclude<Input['type'], 'cancel'>

/** Handles of the one selected box come first, then what lies under the pointer. */
export function startSelecting(pointer: Pointer, scene: Scene): Step {
  const [only, ...others] = scene.selection
  const selected = only && others.length === 0 ? scene.doc.boxes.get(only) : undefined
  const handle = selected && !scene.readOnly ? handleAt(selected, scene.viewport, pointer.screen) : null
  if (selected && handle) {
    return { gesture: { at: 'resizing', origin: pointer.image, handle, grabbed: selected } }
  }
  const under = boxesAt(scene.doc, pointer.image)
  return {
    gesture: {
      at: 'pressing',
      origin: pointer.image,
      screen: pointer.screen,
      under,
      additive: pointer.shift,
    },
  }
}

export function pressingStep(
  gesture: Extract<Gesture, { at: 'pressing' }>,
  type: EventType,
  pointer: Pointer,
  scene: Scene,
): Step {
  if (type === 'release') return { gesture: IDLE, select: clicked(gesture, scene.selection) }
  if (distance(gesture.screen, pointer.screen) < DRAG_THRESHOLD) return { gesture }
  return dragged(gesture, pointer, scene)
}

/** A box takes part in what is dragged when it is selected; otherwise it becomes the selection. */
function dragged(
  { origin, under, additive }: Extract<Gesture, { at: 'pressing' }>,
  pointer: Pointer,
  scene: Scene,
): Step {
  const top = under[0]
  if (top === undefined || additive || scene.readOnly) {
    const kept = additive ? scene.selection : []
    return {
      gesture: { at: 'selecting', origin, corner: pointer.image, before: scene.selection, kept },
      select: kept,
    }
  }
  const held = under.some((id) => scene.selection.includes(id))
  const ids: readonly BoxId[] = held ? scene.selection : [top]
  const grabbed = ids.flatMap((id) => scene.doc.boxes.get(id) ?? [])
  return { gesture: { at: 'moving', origin, grabbed }, select: ids }
}

/** Clicking again on the same place goes through the boxes that lie over one another there. */
function clicked(
  { under, additive }: Extract<Gesture, { at: 'pressing' }>,
  selection: readonly BoxId[],
): readonly BoxId[] {
  const top = under[0]
  if (top === undefined) return additive ? selection : []
  if (additive) {
    return selection.includes(top) ? selection.filter((id) => id !== top) : [...selection, top]
  }
  const current = selection.length === 1 && selection[0] ? under.indexOf(selection[0]) : -1
  return [under[(current + 1) % under.length] ?? top]
}

export function selectingStep(
  gesture: Extract<Gesture, { at: 'selecting' }>,
  type: EventType,
  pointer: Pointer,
  scene: Scene,
): Step {
  const area = rectBetween(gesture.origin, pointer.image, scene.doc.image)
  const select = [...new Set([...gesture.kept, ...boxesWithin(scene.doc, area)])]
  return { gesture: type === 'release' ? IDLE : { ...gesture, corner: pointer.image }, select }
}
