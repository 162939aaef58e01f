import { readingOrder, textsOf } from '../document/doc.ts'
import { type Rect, rectOf } from '../geometry/rects.ts'
import type { StepName } from '../history/history.ts'
import { focusedOne, openOnes } from '../suggestions/suggestion.ts'
import type { EditorState } from './state.ts'

/** What undo or redo has just taken back or made again. */
export interface Travelled {
  readonly code: 'undone' | 'redone'
  readonly step: StepName
}

/** What a screen reader is told after a change that others see; keys under `annotator.announce`. */
export type Announcement =
  | { code: 'box'; name: string; rect: Rect; number: number; total: number }
  | { code: 'selected'; count: number }
  | { code: 'deselected' }
  | { code: 'place'; rect: Rect }
  | { code: 'deleted'; left: number }
  | Travelled
  | { code: 'expression'; text: string }
  | {
      code: 'suggestion'
      name: string
      rect: Rect
      model: string
      score: number | null
      number: number
      total: number
    }
  | { code: 'suggestionsDone' }

/** Null = nothing that has to be said. */
export function announcementOf(before: EditorState, after: EditorState): Announcement | null {
  if (after.travelled && after.travelled !== before.travelled) return after.travelled
  if (after.doc.boxes.size < before.doc.boxes.size) return { code: 'deleted', left: after.doc.boxes.size }
  const suggestion = after.suggestions.length > 0 ? ofSuggestions(before, after) : null
  if (suggestion) return suggestion
  if (after.selection !== before.selection) return ofSelection(before, after)
  const [id, ...others] = after.selection
  const box = id && after.doc.boxes.get(id)
  if (box && others.length === 0 && before.doc.boxes.get(id) !== box) {
    return { code: 'place', rect: rectOf(box) }
  }
  if (after.active && after.active.text !== before.active?.text) {
    return { code: 'expression', text: after.active.text }
  }
  return null
}

/** The one that comes into focus, also by judging the one before; or that there are none left. */
function ofSuggestions(before: EditorState, after: EditorState): Announcement | null {
  const focused = focusedOne(after)
  if (focused && focused.id !== focusedOne(before)?.id) {
    const open = openOnes(after)
    const { entry, rect, model, score } = focused
    return {
      ...{ code: 'suggestion', name: entry.text, rect, model: model.name, score },
      ...{ number: open.indexOf(focused) + 1, total: open.length },
    }
  }
  const isOver = after.selection.length === 0 && openOnes(before).length > 0 && openOnes(after).length === 0
  return isOver ? { code: 'suggestionsDone' } : null
}

function ofSelection(before: EditorState, after: EditorState): Announcement | null {
  const [id, ...others] = after.selection
  const box = id && after.doc.boxes.get(id)
  if (!box) return before.selection.length > 0 ? { code: 'deselected' } : null
  if (others.length > 0) return { code: 'selected', count: after.selection.length }
  const boxes = readingOrder(after.doc)
  return {
    code: 'box',
    name: textsOf(after.doc, box).join(' · '),
    rect: rectOf(box),
    number: boxes.indexOf(box) + 1,
    total: boxes.length,
  }
}
