import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Doc } from '../document/doc.ts'
import { type Guards, isHidden, isLocked } from '../document/guards.ts'
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

/** What the eight handles resize: all selected boxes, unless one of them is locked or cannot be seen. */
export function framedBoxes(scene: Framed): Box[] {
  const { doc, guards, selection } = scene
  const boxes = editableBoxes(scene, selection).filter((box) => !isHidden(guards, doc, box))
  return boxes.length === selection.length ? boxes : []
}

const frames = new WeakMap<Doc, { selection: readonly BoxId[]; guards: Guards; frame: Rect | null }>()

/** The rectangle that carries the handles; null = there is none. Asked at every move of the pointer. */
export function frameOf(scene: Framed): Rect | null {
  const { selection, guards } = scene
  const known = frames.get(scene.doc)
  if (known && known.selection === selection && known.guards === guards) return known.frame
  const boxes = framedBoxes(scene)
  const frame = boxes.length > 0 ? boundsOf(boxes) : null
  frames.set(scene.doc, { selection, guards, frame })
  return frame
}
