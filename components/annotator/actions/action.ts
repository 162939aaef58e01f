import type { AnnotationDocument } from '../../../server/contracts/annotation.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { Clipboard } from '../clipboard/store.ts'
import type { ListedEntry } from '../document/entries.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { editableBoxes } from '../tools/frame.ts'

/** Keys of the catalogue under `annotator.actionGroups`. */
export type ActionGroup = 'tools' | 'selection' | 'boxes' | 'clipboard' | 'expressions' | 'view' | 'image'

/** Another image as it is now, with what is not on the server yet. */
export interface OtherImage {
  image: Size
  document: AnnotationDocument
}

/** What an action may use besides the editor; the page around it provides it. */
export interface ActionContext {
  editor: Editor
  entries: readonly ListedEntry[]
  clipboard: Clipboard
  next: (() => void) | null
  previous: (() => void) | null
  /** What is annotated on the image before. Null = there is none. */
  previousImage: (() => Promise<OtherImage>) | null
  /** Marks the image as done and goes on. Null = the person may not. */
  doneAndNext: (() => void) | null
  focusExpressions: () => void
  focusNote: () => void
  editShortcuts: () => void
}

/**
 * Something the user can do, as data: toolbar, shortcut, command palette and the help sheet are all
 * made from it.
 */
export interface EditorAction<Name extends string = string> {
  /** Also its key in the catalogue under `annotator.actions`. */
  readonly name: Name
  readonly group: ActionGroup
  /** As "mod+z", in the preset of the studio; the first one is shown. */
  readonly keys: readonly string[]
  /** One key for each of nine entries: they go together and are not changed one by one. */
  readonly digits?: boolean
  /** The key is left to the browser unless the canvas has the focus (Tab, Enter). */
  readonly canvasOnly?: boolean
  /** Ctrl+V is left to the browser, whose own event is the only way to the system's clipboard without asking. */
  readonly nativeKey?: string
  readonly isAvailable: (state: EditorState, context: ActionContext) => boolean
  /** @param digit the digit of its key, for actions with one key per entry */
  readonly run: (context: ActionContext, digit: number) => void
}

export const always = () => true
export const writable = (state: EditorState) => !state.readOnly
export const withSelection = (state: EditorState) => !state.readOnly && state.selection.length > 0
export const withAny = (state: EditorState) => state.selection.length > 0

/** The selected boxes that may be changed; says so when all of them are locked. */
export function editableSelection({ editor }: ActionContext) {
  const state = editor.getState()
  const boxes = editableBoxes(state, state.selection)
  if (boxes.length === 0 && state.selection.length > 0) editor.notify({ code: 'locked' })
  return boxes
}
