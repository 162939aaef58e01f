import type { ActionContext } from '../actions/action.ts'
import type { Clipping } from '../clipboard/clipping.ts'
import type { Clipboard } from '../clipboard/store.ts'
import { listEntries, type ProjectLabel } from '../document/entries.ts'
import type { Driver } from './driver.ts'

/** Keeps what is copied for the length of a test. */
export function memoryClipboard(): Clipboard {
  let kept: Clipping | null = null
  return {
    keep: (clipping) => {
      kept = clipping
    },
    kept: () => kept,
  }
}

/** What actions need around a driver's editor: no other images, unless told otherwise. */
export function contextOf(
  { editor }: Pick<Driver, 'editor'>,
  { labels = [], ...more }: Partial<ActionContext> & { labels?: readonly ProjectLabel[] } = {},
): ActionContext {
  const nothing = () => undefined
  return {
    editor,
    get entries() {
      return listEntries(editor.getState().doc, editor.getState().drafts, labels)
    },
    clipboard: memoryClipboard(),
    next: null,
    previous: null,
    nextWanted: null,
    previousImage: null,
    doneAndNext: null,
    giveBack: null,
    toggleReview: null,
    comment: null,
    toggleComments: null,
    toggleHistory: null,
    nextSuggested: null,
    finder: null,
    focusExpressions: nothing,
    focusNote: nothing,
    focusAttributes: nothing,
    editShortcuts: nothing,
    ...more,
  }
}
