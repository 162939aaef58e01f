import type { ListedEntry } from '../document/entries.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'

/** Keys of the catalogue under `annotator.actionGroups`. */
export type ActionGroup = 'tools' | 'boxes' | 'expressions' | 'view' | 'image'

/** What an action may use besides the editor; the page around it provides it. */
export interface ActionContext {
  editor: Editor
  entries: readonly ListedEntry[]
  next: (() => void) | null
  previous: (() => void) | null
  /** Marks the image as done and goes on. Null = the person may not. */
  doneAndNext: (() => void) | null
  focusExpressions: () => void
}

/**
 * Something the user can do, as data: toolbar, shortcut, command palette and the help sheet are all
 * made from it.
 */
export interface EditorAction<Name extends string = string> {
  /** Also its key in the catalogue under `annotator.actions`. */
  readonly name: Name
  readonly group: ActionGroup
  /** As "mod+z"; the first one is shown. */
  readonly keys: readonly string[]
  /** The key is left to the browser unless the canvas has the focus (Tab, Enter). */
  readonly canvasOnly?: boolean
  readonly isAvailable: (state: EditorState, context: ActionContext) => boolean
  /** @param digit the digit of its key, for actions with one key per entry */
  readonly run: (context: ActionContext, digit: number) => void
}

export const always = () => true
export const writable = (state: EditorState) => !state.readOnly
export const withSelection = (state: EditorState) => !state.readOnly && state.selection.length > 0
