import type { CommentPoint } from '../../../server/contracts/comment.ts'
import type { EditorState } from '../../annotator/editor/state.ts'
import { type ScreenPoint, screenPoint } from '../../annotator/geometry/points.ts'
import { toImage } from '../../annotator/geometry/viewport.ts'
import type { Thread } from './use-comments.ts'

/** The number on each pin: threads with a point count up in the order in which they were begun. */
export function numbersOf(threads: readonly Pick<Thread, 'id' | 'point'>[]): ReadonlyMap<string, number> {
  const pinned = threads.filter(({ point }) => point !== null)
  return new Map(pinned.map(({ id }, place) => [id, place + 1]))
}

/** Where on the picture a press meant; a press beside the picture means its nearest edge. */
export function pointAt(state: Pick<EditorState, 'viewport' | 'doc'>, at: ScreenPoint): CommentPoint {
  const [x, y] = toImage(state.viewport, at)
  const { width, height } = state.doc.image
  return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) }
}

/** Without a pointer: the middle of what is seen. */
export function pointInView(state: Pick<EditorState, 'viewport' | 'doc' | 'area'>): CommentPoint {
  return pointAt(state, screenPoint(state.area.width / 2, state.area.height / 2))
}

/** A comment about one selected box stands at its right upper corner; null when there is no such box. */
export function pointOfSelection({
  selection,
  doc,
}: Pick<EditorState, 'selection' | 'doc'>): CommentPoint | null {
  const [id, ...others] = selection
  const box = id && others.length === 0 ? doc.boxes.get(id) : undefined
  return box ? { x: box.x + box.width, y: box.y } : null
}
