import { type Clipping, clip, paste } from '../clipboard/clipping.ts'
import { docFrom } from '../document/doc.ts'
import { createdIn, deleteBoxes } from '../document/edit.ts'
import type { Editor } from '../editor/editor.ts'
import {
  type ActionContext,
  type EditorAction,
  editableSelection,
  withAny,
  withSelection,
  writable,
} from './action.ts'

export const CLIPBOARD_ACTIONS = [
  {
    name: 'copy',
    group: 'clipboard',
    keys: ['mod+c'],
    isAvailable: withAny,
    run: ({ editor, clipboard }) => {
      const { doc, selection } = editor.getState()
      const clipping = clip(doc, selection)
      if (!clipping) return
      clipboard.keep(clipping)
      editor.notify({ code: 'copied', count: clipping.boxes.length })
    },
  },
  {
    name: 'cut',
    group: 'clipboard',
    keys: ['mod+x'],
    isAvailable: withSelection,
    run: (context) => {
      const { editor, clipboard } = context
      const { doc } = editor.getState()
      const ids = editableSelection(context).map((box) => box.id)
      const clipping = clip(doc, ids)
      if (!clipping) return
      clipboard.keep(clipping)
      if (editor.commit('cut', deleteBoxes(doc, ids))) editor.notify({ code: 'cut', count: ids.length })
    },
  },
  {
    name: 'paste',
    group: 'clipboard',
    keys: ['mod+v'],
    nativeKey: 'mod+v',
    isAvailable: writable,
    run: ({ editor, clipboard }) => pasteInto(editor, clipboard.kept()),
  },
  {
    name: 'copyPrevious',
    group: 'clipboard',
    keys: ['mod+p'],
    isAvailable: (state, { previousImage }) => !state.readOnly && previousImage !== null,
    run: (context) => void copyPrevious(context),
  },
] as const satisfies readonly EditorAction[]

export function pasteInto(editor: Editor, clipping: Clipping | null): void {
  if (!clipping) {
    editor.notify({ code: 'nothingToPaste' })
    return
  }
  editor.notify({ code: 'pasted', ...commitPaste(editor, clipping, 'paste', 'shift') })
}

/** What is there already is left out, so that pressing the key twice does no harm. */
async function copyPrevious({ editor, previousImage }: ActionContext): Promise<void> {
  const other = await previousImage?.().catch(() => null)
  if (!other) {
    editor.notify({ code: 'previousUnavailable' })
    return
  }
  const doc = docFrom(other.document, other.image)
  const clipping = clip(doc, doc.boxes.keys())
  if (!clipping) {
    editor.notify({ code: 'nothingOnPrevious' })
    return
  }
  editor.notify({ code: 'copiedFromPrevious', ...commitPaste(editor, clipping, 'copyPrevious', 'skip') })
}

/** Pastes and selects what came of it; how many boxes that are, and how many found no place. */
function commitPaste(
  editor: Editor,
  clipping: Clipping,
  step: 'paste' | 'copyPrevious',
  onTaken: 'shift' | 'skip',
): { count: number; refused: number } {
  const { changes, refused } = paste(editor.getState().doc, clipping, onTaken, editor.ids)
  const made = createdIn(changes)
  if (editor.commit(step, changes)) editor.select(made)
  return { count: made.length, refused }
}
