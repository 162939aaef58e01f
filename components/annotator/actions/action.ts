import type { AnnotationDocument } from '../../../server/contracts/annotation.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { Clipboard } from '../clipboard/store.ts'
import type { Entry } from '../document/edit.ts'
import type { ListedEntry } from '../document/entries.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { editableBoxes } from '../tools/frame.ts'

/** Keys of the catalogue under `annotator.actionGroups`. */
export type ActionGroup =
  | 'tools'
  | 'selection'
  | 'boxes'
  | 'clipboard'
  | 'expressions'
  | 'suggestions'
  | 'view'
  | 'image'
  | 'team'

/** Another image as it is now, with what is not on the server yet. */
export interface OtherImage {
  image: Size
  document: AnnotationDocument
}

/**
 * What can be done with the image as a whole; the page around the editor provides it. Null = there is nowhere
 * to go, or the person may not.
 */
export interface ImageWays {
  next: (() => void) | null
  previous: (() => void) | null
  /** The next image that waits for this person: for an annotator, or in review mode for a verdict. */
  nextWanted: (() => void) | null
  /** What is annotated on the image before. */
  previousImage: (() => Promise<OtherImage>) | null
  /** Says that this person's part is done and goes on: the annotation, or in review mode the verdict. */
  doneAndNext: (() => void) | null
  /** In review mode only. */
  giveBack: (() => void) | null
  toggleReview: (() => void) | null
  /** Begins a comment at the selected box, or where the next press says. */
  comment: (() => void) | null
  toggleComments: (() => void) | null
  toggleHistory: (() => void) | null
  /** The next image with suggestions that wait for a person. */
  nextSuggested: (() => void) | null
  finder: Finder | null
}

/** Asks a model where expressions are on this image; what it answers become suggestions. */
export interface Finder {
  find: (entries: readonly Entry[]) => void
  /** Ends what goes on. False = nothing went on. */
  cancel: () => boolean
}

/** What an action may use besides the editor. */
export interface ActionContext extends ImageWays {
  editor: Editor
  entries: readonly ListedEntry[]
  clipboard: Clipboard
  focusExpressions: () => void
  focusNote: () => void
  /** The first field of the selected boxes' attributes. */
  focusAttributes: () => void
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
  /** Something of the page that not everybody has; who has not is not offered the action. */
  readonly needs?: keyof ImageWays
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
