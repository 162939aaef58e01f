import type { AnnotationChange, Box } from '../../../server/contracts/annotation.ts'
import type { Rect } from '../../annotator/geometry/rects.ts'

/** One box of a comparison: where it is in the later state, and where it was. */
export interface ComparedBox {
  id: string
  kind: 'added' | 'removed' | 'changed'
  /** Null for one that was removed. */
  now: Rect | null
  /** Null for one that was added. */
  before: Rect | null
}

export interface Comparison {
  boxes: ComparedBox[]
  added: number
  removed: number
  changed: number
  /** Expressions that came, went or were renamed: there is nothing of them to draw. */
  expressions: number
}

/** What two states differ in, from the changes that lead from one to the other. */
export function compareStates(changes: readonly AnnotationChange[]): Comparison {
  const boxes = changes.flatMap((change): ComparedBox[] => {
    if (change.type !== 'box') return []
    const { id, before, after } = change
    const kind = before === null ? 'added' : after === null ? 'removed' : 'changed'
    return [{ id, kind, now: after && rectOf(after), before: before && rectOf(before) }]
  })
  const count = (kind: ComparedBox['kind']) => boxes.filter((box) => box.kind === kind).length
  return {
    boxes,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    expressions: changes.length - boxes.length,
  }
}

function rectOf({ x, y, width, height }: Box): Rect {
  return { x, y, width, height }
}
