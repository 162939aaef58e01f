import { always, type EditorAction } from './action.ts'

export const IMAGE_ACTIONS = [
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
    name: 'note',
    group: 'image',
    keys: ['shift+n'],
    isAvailable: always,
    run: ({ focusNote }) => focusNote(),
  },
] as const satisfies readonly EditorAction[]
