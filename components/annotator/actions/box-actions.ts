import type { BoxId } from '../../../server/contracts/ids.ts'
import { orderedBoxes } from '../document/doc.ts'
import { deleteBoxes, duplicateBoxes, placeBoxes, relabelBoxes, toggleAnswer } from '../document/edit.ts'
import type { Editor } from '../editor/editor.ts'
import { moveRects, type Rect, rectOf } from '../geometry/rects.ts'
import { reveal } from '../geometry/viewport.ts'
import { always, type EditorAction, withSelection, writable } from './action.ts'

/** Image pixels between a box and its copy, so that both can be seen. */
const COPY_OFFSET = 10
const NUDGE = 1
const BIG_NUDGE = 10

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

const nudge = <Name extends string>(name: Name, key: string, dx: number, dy: number): EditorAction<Name> => ({
  name,
  group: 'boxes',
  keys: [key],
  isAvailable: withSelection,
  run: ({ editor }) => {
    const { doc, selection } = editor.getState()
    editor.commit('nudge', placeBoxes(doc, shifted(editor, dx, dy)), `nudge ${selection.join(' ')}`)
  },
})

export const BOX_ACTIONS = [
  {
    name: 'choose',
    group: 'expressions',
    keys: DIGITS,
    isAvailable: writable,
    run: ({ editor, entries }, digit) => {
      const entry = entries[digit - 1]
      if (!entry) return
      const { doc, selection, tool } = editor.getState()
      editor.setActive({ kind: entry.kind, text: entry.text })
      // While drawing, a digit chooses for the next box; it must not rename the one just drawn.
      if (tool !== 'draw') editor.commit('relabel', relabelBoxes(doc, selection, entry, editor.ids))
    },
  },
  {
    name: 'answerToo',
    group: 'expressions',
    keys: DIGITS.map((digit) => `shift+${digit}`),
    isAvailable: withSelection,
    run: ({ editor, entries }, digit) => {
      const entry = entries[digit - 1]
      const { doc, selection } = editor.getState()
      if (entry) editor.commit('answer', toggleAnswer(doc, selection, entry, editor.ids))
    },
  },
  {
    name: 'delete',
    group: 'boxes',
    keys: ['delete', 'backspace'],
    isAvailable: withSelection,
    run: ({ editor }) => {
      const { doc, selection } = editor.getState()
      editor.commit('delete', deleteBoxes(doc, selection))
    },
  },
  {
    name: 'duplicate',
    group: 'boxes',
    keys: ['mod+d'],
    isAvailable: withSelection,
    run: ({ editor }) => {
      const { doc } = editor.getState()
      const changes = duplicateBoxes(doc, shifted(editor, COPY_OFFSET, COPY_OFFSET), editor.ids)
      if (editor.commit('duplicate', changes)) editor.select(changes.map((change) => change.id as BoxId))
    },
  },
  {
    name: 'selectAll',
    group: 'boxes',
    keys: ['mod+a'],
    isAvailable: always,
    run: ({ editor }) => editor.select(orderedBoxes(editor.getState().doc).map((box) => box.id)),
  },
  {
    name: 'nextBox',
    group: 'boxes',
    keys: ['tab'],
    canvasOnly: true,
    isAvailable: (state) => neighbour(state, 1) !== null,
    run: ({ editor }) => goTo(editor, 1),
  },
  {
    name: 'previousBox',
    group: 'boxes',
    keys: ['shift+tab'],
    canvasOnly: true,
    isAvailable: (state) => neighbour(state, -1) !== null,
    run: ({ editor }) => goTo(editor, -1),
  },
  nudge('nudgeLeft', 'arrowleft', -NUDGE, 0),
  nudge('nudgeRight', 'arrowright', NUDGE, 0),
  nudge('nudgeUp', 'arrowup', 0, -NUDGE),
  nudge('nudgeDown', 'arrowdown', 0, NUDGE),
  nudge('nudgeFarLeft', 'shift+arrowleft', -BIG_NUDGE, 0),
  nudge('nudgeFarRight', 'shift+arrowright', BIG_NUDGE, 0),
  nudge('nudgeFarUp', 'shift+arrowup', 0, -BIG_NUDGE),
  nudge('nudgeFarDown', 'shift+arrowdown', 0, BIG_NUDGE),
] as const satisfies readonly EditorAction[]

function shifted(editor: Editor, dx: number, dy: number): Map<BoxId, Rect> {
  const { doc, selection } = editor.getState()
  const boxes = selection.flatMap((id) => doc.boxes.get(id) ?? [])
  const moved = moveRects(boxes.map(rectOf), dx, dy, doc.image)
  return new Map(boxes.map((box, place) => [box.id, moved[place] ?? rectOf(box)]))
}

/** The next box in order of annotation; null past the end, where Tab leaves the canvas. */
function neighbour({ doc, selection }: ReturnType<Editor['getState']>, direction: 1 | -1): BoxId | null {
  const ids = orderedBoxes(doc).map((box) => box.id)
  const current = selection[0] === undefined ? -1 : ids.indexOf(selection[0])
  if (current === -1) return (direction === 1 ? ids[0] : ids.at(-1)) ?? null
  return ids[current + direction] ?? null
}

function goTo(editor: Editor, direction: 1 | -1): void {
  const state = editor.getState()
  const id = neighbour(state, direction)
  const box = id && state.doc.boxes.get(id)
  if (!box) return
  editor.select([box.id])
  const viewport = reveal(state.viewport, box, state.area)
  if (viewport !== state.viewport) editor.setViewport(viewport)
}
