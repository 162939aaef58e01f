import { panBy } from '../geometry/viewport.ts'
import { correctingStep, startCorrecting } from './correct.ts'
import { drawingStep, startDrawing } from './draw.ts'
import { type Gesture, IDLE, type Input, type Pointer, type Scene, type Step } from './gesture.ts'
import { movingStep, resizingStep } from './move.ts'
import { pressingStep, selectingStep, startSelecting } from './select.ts'

/** One pointer event: the gesture after it, what to show, and what to commit. Pure. */
export function step(gesture: Gesture, input: Input, scene: Scene): Step {
  // Escape, a lost pointer, a second finger: everything is as it was before the press.
  if (input.type === 'cancel') return { gesture: IDLE, ...restored(gesture) }
  switch (gesture.at) {
    case 'idle':
      return input.type === 'press' ? start(input.pointer, scene) : { gesture }
    case 'pressing':
      return pressingStep(gesture, input.type, input.pointer, scene)
    case 'drawing':
      return drawingStep(gesture, input.type, input.pointer, scene)
    case 'correcting':
      return correctingStep(gesture, input.type, input.pointer, scene)
    case 'moving':
      return movingStep(gesture, input.type, input.pointer, scene)
    case 'resizing':
      return resizingStep(gesture, input.type, input.pointer, scene)
    case 'selecting':
      return selectingStep(gesture, input.type, input.pointer, scene)
    case 'panning': {
      const [x, y] = input.pointer.screen
      const viewport = panBy(gesture.viewport, x - gesture.screen[0], y - gesture.screen[1])
      return { gesture: input.type === 'release' ? IDLE : gesture, viewport }
    }
  }
}

function start(pointer: Pointer, scene: Scene): Step {
  if (pointer.pan || scene.tool === 'pan') {
    return { gesture: { at: 'panning', screen: pointer.screen, viewport: scene.viewport } }
  }
  const correcting = startCorrecting(pointer, scene)
  if (correcting) return correcting
  return scene.tool === 'draw' && !scene.readOnly
    ? startDrawing(pointer, scene)
    : startSelecting(pointer, scene)
}

function restored(gesture: Gesture): Partial<Step> {
  if (gesture.at === 'panning') return { viewport: gesture.viewport }
  return gesture.at === 'selecting' ? { select: gesture.before } : {}
}
