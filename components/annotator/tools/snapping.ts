import type { BoxId } from '../../../server/contracts/ids.ts'
import { isHidden } from '../document/guards.ts'
import { boxesIn } from '../geometry/hit-test.ts'
import type { Rect } from '../geometry/rects.ts'
import { grown, type SnapTargets, snapTargets } from '../geometry/snap.ts'
import type { Pointer, Scene } from './gesture.ts'

/** CSS pixels from which an edge jumps to another one. */
const REACH = 5
/** CSS pixels around the box under the hand: lining up with something far away is chance, not intent. */
const NEIGHBOURHOOD = 400

/** Edges in sight of `around` that do not move themselves; taken once, at the press. */
export function targetsAround(
  around: readonly Rect[],
  moving: readonly BoxId[],
  { doc, viewport, guards }: Scene,
): SnapTargets {
  const excluded = new Set(moving)
  const near = boxesIn(doc, grown(around, NEIGHBOURHOOD / viewport.scale)).flatMap((id) => {
    const box = excluded.has(id) ? undefined : doc.boxes.get(id)
    return box && !isHidden(guards, doc, box) ? box : []
  })
  return snapTargets(near, doc.image)
}

/** Image pixels over which edges stick now; 0 = they do not. */
export function snapReach({ snapping, viewport }: Scene, { alt }: Pointer): number {
  return snapping && !alt ? REACH / viewport.scale : 0
}
