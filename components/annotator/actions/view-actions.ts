import { toggleNegative } from '../document/edit.ts'
import type { Editor } from '../editor/editor.ts'
import { screenPoint } from '../geometry/points.ts'
import { centred, fitImage, zoomAt } from '../geometry/viewport.ts'
import type { Tool } from '../tools/gesture.ts'
import { always, type EditorAction, writable } from './action.ts'

const ZOOM_STEP = 1.25

const tool = <Name extends string>(name: Name, key: string, choice: Tool): EditorAction<Name> => ({
  name,
  group: 'tools',
  keys: [key],
  isAvailable: choice === 'draw' ? writable : always,
  run: ({ editor }) => editor.setTool(choice),
})

export const VIEW_ACTIONS = [
  tool('selectTool', 'v', 'select'),
  tool('drawTool', 'r', 'draw'),
  tool('panTool', 'h', 'pan'),
  {
    name: 'undo',
    group: 'boxes',
    keys: ['mod+z'],
    isAvailable: (state) => state.history.undo.length > 0,
    run: ({ editor }) => editor.undo(),
  },
  {
    name: 'redo',
    group: 'boxes',
    keys: ['mod+shift+z', 'mod+y'],
    isAvailable: (state) => state.history.redo.length > 0,
    run: ({ editor }) => editor.redo(),
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
    name: 'typeExpression',
    group: 'expressions',
    keys: ['/', 'e'],
    isAvailable: writable,
    run: ({ focusExpressions }) => focusExpressions(),
  },
  {
    name: 'fit',
    group: 'view',
    keys: ['0'],
    isAvailable: always,
    run: ({ editor }) => {
      const { doc, area } = editor.getState()
      editor.setViewport(fitImage(doc.image, area), true)
    },
  },
  {
    name: 'actualSize',
    group: 'view',
    keys: ['shift+0'],
    isAvailable: always,
    run: ({ editor }) => {
      const { doc, area } = editor.getState()
      editor.setViewport(centred(doc.image, area, 1))
    },
  },
  {
    name: 'zoomIn',
    group: 'view',
    keys: ['=', '+'],
    isAvailable: always,
    run: ({ editor }) => zoom(editor, ZOOM_STEP),
  },
  {
    name: 'zoomOut',
    group: 'view',
    keys: ['-'],
    isAvailable: always,
    run: ({ editor }) => zoom(editor, 1 / ZOOM_STEP),
  },
  {
    name: 'doneAndNext',
    group: 'image',
    keys: ['enter'],
    canvasOnly: true,
    isAvailable: (state, { doneAndNext }) => !state.readOnly && doneAndNext !== null,
    run: ({ doneAndNext }) => doneAndNext?.(),
  },
  {
    name: 'nextImage',
    group: 'image',
    keys: ['d', 'pagedown'],
    isAvailable: (_, { next }) => next !== null,
    run: ({ next }) => next?.(),
  },
  {
    name: 'previousImage',
    group: 'image',
    keys: ['a', 'pageup'],
    isAvailable: (_, { previous }) => previous !== null,
    run: ({ previous }) => previous?.(),
  },
  {
    name: 'escape',
    group: 'tools',
    keys: ['escape'],
    isAvailable: always,
    run: ({ editor }) => {
      const { gesture, unnamed, selection } = editor.getState()
      // One thing at a time, the most recent first.
      if (gesture.at !== 'idle') editor.handle({ type: 'cancel' })
      else if (unnamed) editor.setUnnamed(null)
      else if (selection.length > 0) editor.select([])
      else editor.setTool('select')
    },
  },
] as const satisfies readonly EditorAction[]

function zoom(editor: Editor, factor: number): void {
  const { viewport, area } = editor.getState()
  editor.setViewport(zoomAt(viewport, screenPoint(area.width / 2, area.height / 2), factor))
}
