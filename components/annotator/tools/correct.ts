import { handleAt } from '../geometry/hit-test.ts'
import { contains, type Rect, resizeRect, survivesRounding } from '../geometry/rects.ts'
import { acceptanceOf } from '../suggestions/judge.ts'
import { focusedOne, openOnes } from '../suggestions/suggestion.ts'
import { type Gesture, IDLE, type Input, type Pointer, type Scene, type Step } from './gesture.ts'

type Correcting = Extract<Gesture, { at: 'correcting' }>

/** Takes hold of a handle of the suggestion in focus; letting go accepts it as it is then. Null = nothing to hold. */
export function startCorrecting(pointer: Pointer, scene: Scene): Step | null {
  const suggestion = scene.readOnly ? null : focusedOne(scene)
  if (!suggestion) return null
  const { rect } = suggestion
  const handle = handleAt(rect, scene.viewport, pointer.screen, pointer.coarse)
  return handle ? { gesture: { at: 'correcting', origin: pointer.image, handle, suggestion, rect } } : null
}

export function correctingStep(
  gesture: Correcting,
  type: Exclude<Input['type'], 'cancel'>,
  pointer: Pointer,
  scene: Scene,
): Step {
  const { origin, handle, suggestion } = gesture
  const { doc } = scene
  const [dx, dy] = [pointer.image[0] - origin[0], pointer.image[1] - origin[1]]
  const rect = resizeRect(suggestion.rect, { handle, dx, dy, keepAspect: pointer.shift }, doc.image)
  if (type !== 'release') return { gesture: { ...gesture, rect } }
  // A click on a handle is no correction; the suggestion stays one.
  if (dx === 0 && dy === 0) return { gesture: IDLE }
  if (!survivesRounding(rect, doc.image)) return { gesture: IDLE, tooSmall: rect }
  const changes = acceptanceOf(doc, [suggestion], scene.ids, rect)
  return { gesture: IDLE, commit: { step: 'accept', changes }, select: [suggestion.boxId] }
}

/** The open suggestion that a click means: the smallest under it, unless a box that is smaller lies there too. */
export function suggestionUnder(
  scene: Scene,
  pointer: Pointer,
  smallestBox: Rect | undefined,
): string | null {
  const area = (rect: Rect) => rect.width * rect.height
  const [smallest] = openOnes(scene)
    .filter(({ rect, entry }) => contains(rect, pointer.image) && !scene.guards.hiddenTexts.has(entry.text))
    .sort((a, b) => area(a.rect) - area(b.rect))
  if (!smallest || (smallestBox && area(smallestBox) <= area(smallest.rect))) return null
  return smallest.id
}
