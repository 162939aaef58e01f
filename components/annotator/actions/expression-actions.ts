import { relabelBoxes, toggleAnswer, toggleNegative } from '../document/edit.ts'
import { toggled } from '../document/guards.ts'
import {
  type ActionContext,
  type EditorAction,
  editableSelection,
  withSelection,
  writable,
} from './action.ts'

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

export const EXPRESSION_ACTIONS = [
  {
    name: 'choose',
    group: 'expressions',
    keys: DIGITS,
    digits: true,
    isAvailable: writable,
    run: (context, digit) => {
      const { editor } = context
      const entry = context.entries[digit - 1]
      if (!entry) return
      editor.setActive({ kind: entry.kind, text: entry.text })
      // While drawing, a digit chooses for the next box; it must not rename the one just drawn.
      if (editor.getState().tool === 'draw') return
      const ids = editableSelection(context).map((box) => box.id)
      editor.commit('relabel', relabelBoxes(editor.getState().doc, ids, entry, editor.ids))
    },
  },
  {
    name: 'answerToo',
    group: 'expressions',
    keys: DIGITS.map((digit) => `shift+${digit}`),
    digits: true,
    isAvailable: withSelection,
    run: (context, digit) => {
      const { editor } = context
      const entry = context.entries[digit - 1]
      if (!entry) return
      const ids = editableSelection(context).map((box) => box.id)
      if (ids.length === 0) return
      editor.commit('answer', toggleAnswer(editor.getState().doc, ids, entry, editor.ids))
    },
  },
  {
    name: 'relabel',
    group: 'expressions',
    keys: ['w', 'f2'],
    isAvailable: withSelection,
    run: (context) => {
      if (editableSelection(context).length > 0) context.editor.setRelabelling(true)
    },
  },
  {
    name: 'nextExpression',
    group: 'expressions',
    keys: [']'],
    isAvailable: (_, { entries }) => entries.length > 0,
    run: (context) => goTo(context, 1),
  },
  {
    name: 'previousExpression',
    group: 'expressions',
    keys: ['['],
    isAvailable: (_, { entries }) => entries.length > 0,
    run: (context) => goTo(context, -1),
  },
  {
    name: 'negative',
    group: 'expressions',
    keys: ['n'],
    isAvailable: (state) => !state.readOnly && state.active !== null,
    run: ({ editor }) => {
      const { doc, active } = editor.getState()
      if (!active) return
      const changes = toggleNegative(doc, active, editor.ids)
      if (changes) editor.commit('negative', changes)
      else editor.notify({ code: 'hasBoxes', text: active.text })
    },
  },
  {
    name: 'hideExpression',
    group: 'expressions',
    keys: ['x'],
    isAvailable: (state) => state.active !== null,
    run: ({ editor }) => {
      const { active, guards } = editor.getState()
      if (!active) return
      editor.setGuards({ ...guards, hiddenTexts: toggled(guards.hiddenTexts, [active.text]) })
    },
  },
  {
    name: 'lockExpression',
    group: 'expressions',
    keys: ['shift+l'],
    isAvailable: (state) => state.active !== null,
    run: ({ editor }) => {
      const { active, guards } = editor.getState()
      if (!active) return
      editor.setGuards({ ...guards, lockedTexts: toggled(guards.lockedTexts, [active.text]) })
    },
  },
  {
    name: 'attributes',
    group: 'boxes',
    keys: ['i'],
    isAvailable: (state) => withSelection(state) && state.attributes.length > 0,
    run: ({ focusAttributes }) => focusAttributes(),
  },
  {
    name: 'typeExpression',
    group: 'expressions',
    keys: ['/', 'e'],
    isAvailable: writable,
    run: ({ focusExpressions }) => focusExpressions(),
  },
] as const satisfies readonly EditorAction[]

/** Goes round the list: nine digits do not reach all of a long one. */
function goTo({ editor, entries }: ActionContext, direction: 1 | -1): void {
  const current = entries.findIndex((entry) => entry.text === editor.getState().active?.text)
  const from = current === -1 && direction === -1 ? 0 : current
  const entry = entries[(from + direction + entries.length) % entries.length]
  if (entry) editor.setActive({ kind: entry.kind, text: entry.text })
}
