import type { Tool } from '../tools/gesture.ts'
import { always, type EditorAction, writable } from './action.ts'

const tool = <Name extends string>(name: Name, key: string, choice: Tool): EditorAction<Name> => ({
  name,
  group: 'tools',
  keys: [key],
  isAvailable: choice === 'draw' ? writable : always,
  run: ({ editor }) => editor.setTool(choice),
})

export const TOOL_ACTIONS = [
  tool('selectTool', 'v', 'select'),
  tool('drawTool', 'r', 'draw'),
  tool('panTool', 'h', 'pan'),
  {
    name: 'escape',
    group: 'tools',
    keys: ['escape'],
    isAvailable: always,
    run: ({ editor, finder }) => {
      const { gesture, unnamed, relabelling, selection, focusedSuggestion } = editor.getState()
      // One thing at a time, the most recent first.
      if (gesture.at !== 'idle') editor.handle({ type: 'cancel' })
      else if (unnamed) editor.setUnnamed(null)
      else if (relabelling) editor.setRelabelling(false)
      else if (finder?.cancel()) return
      else if (focusedSuggestion !== null) editor.focusSuggestion(null)
      else if (selection.length > 0) editor.select([])
      else editor.setTool('select')
    },
  },
  {
    name: 'undo',
    group: 'tools',
    keys: ['mod+z'],
    isAvailable: (state) => state.history.undo.length > 0,
    run: ({ editor }) => editor.undo(),
  },
  {
    name: 'redo',
    group: 'tools',
    keys: ['mod+shift+z', 'mod+y'],
    isAvailable: (state) => state.history.redo.length > 0,
    run: ({ editor }) => editor.redo(),
  },
  {
    name: 'snapping',
    group: 'tools',
    keys: ['s'],
    isAvailable: writable,
    run: ({ editor }) => editor.setView({ snapping: !editor.getState().view.snapping }),
  },
  {
    name: 'shortcuts',
    group: 'tools',
    keys: ['mod+/'],
    isAvailable: always,
    run: ({ editShortcuts }) => editShortcuts(),
  },
] as const satisfies readonly EditorAction[]
