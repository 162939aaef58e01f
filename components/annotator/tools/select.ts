import type { BoxId } from '../../../server/contracts/ids.ts'
import { boxesAt, boxesWithin, handleAt } from '../geometry/hit-test.ts'
import { distance } from '../geometry/points.ts'
import { rectBetween } from '../geometry/rects.ts'
import { suggestionUnder } from './correct.ts'
import { editableBoxes, framedBoxes, frameOf } from './frame.ts'
import {
  DRAG_THRESHOLD,
  type Gesture,
  IDLE,
  type Input,
  type Pointer,
  type Scene,
  type Step,
} from './gesture.ts'
import { movingStep } from './move.ts'
import { targetsAround } from './snapping.ts'

type EventType = Exclude<Input['type'], 'cancel'>

/** Handles around what is selected come first, then what lies under the pointer. */
export function startSelecting(pointer: Pointer, scene: Scene): Step {
  const frame = frameOf(scene)
  const handle = frame && handleAt(frame, scene.viewport, pointer.screen, pointer.coarse)
  if (handle) {
    const grabbed = framedBoxes(scene)
    const targets = targetsAround(
      grabbed,
      grabbed.map((box) => box.id),
      scene,
    )
    return { gesture: { at: 'resizing', origin: pointer.image, handle, grabbed, targets } }
  }
  return {
    gesture: {
      at: 'pressing',
      origin: pointer.image,
      screen: pointer.screen,
      under: boxesAt(scene.doc, pointer.image, scene.guards),
      additive: pointer.additive,
      deeper: pointer.alt,
    },
  }
}

export function pressingStep(
  gesture: Extract<Gesture, { at: 'pressing' }>,
  type: EventType,
  pointer: Pointer,
  scene: Scene,
): Step {
  if (type === 'release') {
    const focus = clickedSuggestion(gesture.under, pointer, scene)
    return { gesture: IDLE, ...(focus ?? { select: clicked(gesture, scene.selection) }) }
  }
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
  const select: readonly BoxId[] = held ? scene.selection : [top]
  const grabbed = editableBoxes(scene, select)
  const moving = grabbed.map((box) => box.id)
  const gesture = { at: 'moving', origin, grabbed, targets: targetsAround(grabbed, moving, scene) } as const
  return { ...movingStep(gesture, 'move', pointer, scene), select }
}

/** A click means a suggestion where no smaller box lies. */
export function clickedSuggestion(
  under: readonly BoxId[],
  pointer: Pointer,
  scene: Scene,
): Pick<Step, 'focus'> | null {
  if (scene.suggestions.length === 0 || pointer.additive) return null
  const focus = suggestionUnder(scene, pointer, under[0] && scene.doc.boxes.get(under[0]))
  return focus === null ? null : { focus }
}

/** Clicking again on the same place goes through the boxes that lie over one another there. */
function clicked(
  { under, additive, deeper }: Extract<Gesture, { at: 'pressing' }>,
  selection: readonly BoxId[],
): readonly BoxId[] {
  const top = under[0]
  if (top === undefined) return additive ? selection : []
  if (additive) {
    return selection.includes(top) ? selection.filter((id) => id !== top) : [...selection, top]
  }
  return cycled(under, selection, deeper)
}

/**
 * The next of the boxes that lie over one another. From several selected ones a click takes the upper
 * one, and goes on from the last of them only when it is meant to go deeper.
 */
export function cycled(
  under: readonly BoxId[],
  selection: readonly BoxId[],
  deeper: boolean,
): readonly BoxId[] {
  const last = selection.length === 1 || deeper ? selection.at(-1) : undefined
  const next = under[((last === undefined ? -1 : under.indexOf(last)) + 1) % Math.max(1, under.length)]
  return next === undefined ? [] : [next]
}

export function selectingStep(
  gesture: Extract<Gesture, { at: 'selecting' }>,
  type: EventType,
  pointer: Pointer,
  scene: Scene,
): Step {
  const area = rectBetween(gesture.origin, pointer.image, scene.doc.image)
  const select = [...new Set([...gesture.kept, ...boxesWithin(scene.doc, area, scene.guards)])]
  return { gesture: type === 'release' ? IDLE : { ...gesture, corner: pointer.image }, select }
}
