import type { Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import { createBoxes, type Ids } from '../document/edit.ts'
import type { Editor } from '../editor/editor.ts'
import type { Rect } from '../geometry/rects.ts'
import { openOnes, type Suggested } from './suggestion.ts'

/** The changes that make boxes of suggestions; they know which model they came from. */
export function acceptanceOf(
  doc: Doc,
  suggestions: readonly Suggested[],
  ids: Ids,
  corrected?: Rect,
): Change[] {
  const made = suggestions.map(({ boxId, entry, rect, model }) => ({
    ...{ id: boxId, rect: corrected ?? rect, entries: [entry] },
    origin: { by: 'model', model: model.name, runId: model.runId } as const,
  }))
  return createBoxes(doc, made, ids)
}

/** One step that can be undone. Goes on to the next suggestion; after the last one its box is selected. */
export function acceptSuggestions(editor: Editor, accepted: readonly Suggested[]): void {
  const { doc } = editor.getState()
  const next = after(editor, accepted)
  if (!editor.commit('accept', acceptanceOf(doc, accepted, editor.ids))) return
  if (next) editor.focusSuggestion(next.id)
  else editor.select(accepted.slice(-1).map(({ boxId }) => boxId))
}

/** They do not come back from the same model, unless one brings them back. */
export function rejectSuggestions(editor: Editor, rejected: readonly Suggested[]): void {
  if (editor.getState().readOnly) {
    editor.notify({ code: 'readOnly' })
    return
  }
  const next = after(editor, rejected)
  const ids = new Set(rejected.map(({ id }) => id))
  const { suggestions } = editor.getState()
  editor.setSuggestions(
    suggestions.map((each) => (ids.has(each.id) ? { ...each, rejected: true } : each)),
    next?.id ?? null,
  )
}

export function bringBackRejected(editor: Editor): void {
  const { suggestions, doc } = editor.getState()
  // The box of one that was accepted and then deleted comes back as a suggestion too: that is what is asked for.
  const back = suggestions.map((each) => (each.rejected ? { ...each, rejected: false } : each))
  editor.setSuggestions(back, openOnes({ doc, suggestions: back })[0]?.id ?? null)
}

/** The next open one behind the first of these, else the last before it. */
function after(editor: Editor, judged: readonly Suggested[]): Suggested | null {
  const open = openOnes(editor.getState())
  const ids = new Set(judged.map(({ id }) => id))
  const from = open.findIndex(({ id }) => ids.has(id))
  const isLeft = ({ id }: Suggested) => !ids.has(id)
  return open.slice(from).find(isLeft) ?? open.slice(0, Math.max(0, from)).findLast(isLeft) ?? null
}
