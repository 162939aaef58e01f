import type { Editor } from '../editor/editor.ts'
import { reveal } from '../geometry/viewport.ts'
import { acceptSuggestions, rejectSuggestions } from '../suggestions/judge.ts'
import { focusedOne, openOnes, type Suggested } from '../suggestions/suggestion.ts'
import type { ActionContext, EditorAction } from './action.ts'

const withOpen: EditorAction['isAvailable'] = (state) => openOnes(state).length > 0
const writableOpen: EditorAction['isAvailable'] = (state) => !state.readOnly && openOnes(state).length > 0

/** Judges the one in focus; without one the key first shows which one it would be. */
const judging =
  (judge: (editor: Editor, judged: readonly Suggested[]) => void) =>
  ({ editor }: ActionContext) => {
    const focused = focusedOne(editor.getState())
    if (!focused) {
      goToSuggestion(editor, openOnes(editor.getState())[0])
      return
    }
    judge(editor, [focused])
    revealFocused(editor)
  }

export const SUGGESTION_ACTIONS = [
  {
    name: 'findIt',
    group: 'suggestions',
    keys: ['q'],
    needs: 'finder',
    isAvailable: (state, { finder }) => !state.readOnly && finder !== null && state.active !== null,
    run: ({ editor, finder }) => {
      const { active } = editor.getState()
      if (active) finder?.find([active])
    },
  },
  {
    name: 'findAll',
    group: 'suggestions',
    keys: ['shift+q'],
    needs: 'finder',
    isAvailable: (state, { finder, entries }) => !state.readOnly && finder !== null && entries.length > 0,
    run: ({ finder, entries }) => finder?.find(askedForAll(entries)),
  },
  {
    name: 'acceptSuggestion',
    group: 'suggestions',
    keys: ['y'],
    isAvailable: writableOpen,
    run: judging(acceptSuggestions),
  },
  {
    name: 'rejectSuggestion',
    group: 'suggestions',
    keys: ['u'],
    isAvailable: writableOpen,
    run: judging(rejectSuggestions),
  },
  {
    name: 'acceptAllSuggestions',
    group: 'suggestions',
    keys: ['shift+y'],
    isAvailable: writableOpen,
    run: ({ editor }) => acceptSuggestions(editor, openOnes(editor.getState())),
  },
  {
    name: 'rejectAllSuggestions',
    group: 'suggestions',
    keys: ['shift+u'],
    isAvailable: writableOpen,
    run: ({ editor }) => rejectSuggestions(editor, openOnes(editor.getState())),
  },
  {
    name: 'nextSuggestion',
    group: 'suggestions',
    keys: ['j'],
    isAvailable: withOpen,
    run: ({ editor }) => step(editor, 1),
  },
  {
    name: 'previousSuggestion',
    group: 'suggestions',
    keys: ['shift+j'],
    isAvailable: withOpen,
    run: ({ editor }) => step(editor, -1),
  },
  {
    name: 'nextSuggested',
    group: 'suggestions',
    keys: ['alt+j'],
    needs: 'nextSuggested',
    isAvailable: (_, { nextSuggested }) => nextSuggested !== null,
    run: ({ nextSuggested }) => nextSuggested?.(),
  },
] as const satisfies readonly EditorAction[]

/** What is on the image; with nothing on it, all classes of the project. */
export function askedForAll(entries: ActionContext['entries']) {
  const onImage = entries.filter(({ state }) => state !== 'unused')
  const asked = onImage.length > 0 ? onImage : entries
  return asked.map(({ kind, text }) => ({ kind, text }))
}

export function goToSuggestion(editor: Editor, suggestion: Suggested | undefined): void {
  if (!suggestion) return
  editor.focusSuggestion(suggestion.id)
  revealFocused(editor)
}

function revealFocused(editor: Editor): void {
  const state = editor.getState()
  const focused = focusedOne(state)
  if (!focused) return
  const revealed = reveal(state.viewport, focused.rect, state.area)
  if (revealed !== state.viewport) editor.setViewport(revealed)
}

/** Goes round the list. */
function step(editor: Editor, direction: 1 | -1): void {
  const open = openOnes(editor.getState())
  const current = open.findIndex(({ id }) => id === editor.getState().focusedSuggestion)
  const from = current === -1 && direction === -1 ? 0 : current
  goToSuggestion(editor, open[(from + direction + open.length) % open.length])
}
