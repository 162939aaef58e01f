import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { isLocked } from '../document/guards.ts'
import { boundsOf, type Rect } from '../geometry/rects.ts'
import type { Scene } from './gesture.ts'

type Framed = Pick<Scene, 'doc' | 'guards' | 'selection' | 'readOnly'>

/** Those of the boxes that may be changed. */
export function editableBoxes(
  { doc, guards, readOnly }: Pick<Scene, 'doc' | 'guards' | 'readOnly'>,
  ids: readonly BoxId[],
): Box[] {
  if (readOnly) return []
  return ids.flatMap((id) => {
    const box = doc.boxes.get(id)
    return box && !isLocked(guards, doc, box) ? box : []
  })
}

/** What the eight handles resize: all selected boxes, unless one of them may not be changed. */
export function framedBoxes(scene: Framed): Box[] {
  const boxes = editableBoxes(scene, scene.selection)
  return boxes.length === scene.selection.length ? boxes : []
}

/** The rectangle that carries the handles; null = there is none. */
export function frameOf(scene: Framed): Rect | null {
  const boxes = framedBoxes(scene)
  return boxes.length > 0 ? boundsOf(boxes) : null
}
