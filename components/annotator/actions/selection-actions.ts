import type { BoxId } from '../../../server/contracts/ids.ts'
import { readingOrder } from '../document/doc.ts'
import { isHidden, isReachable, locksAny, toggled } from '../document/guards.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { boxesIn } from '../geometry/hit-test.ts'
import { reveal } from '../geometry/viewport.ts'
import { openOnes } from '../suggestions/suggestion.ts'
import { cycled } from '../tools/select.ts'
import { always, type EditorAction, withAny } from './action.ts'
import { goToSuggestion } from './suggestion-actions.ts'

export const SELECTION_ACTIONS = [
  {
    name: 'selectAll',
    group: 'selection',
    keys: ['mod+a'],
    isAvailable: always,
    run: ({ editor }) => {
      const { doc, guards } = editor.getState()
      editor.select(
        readingOrder(doc)
          .filter((box) => isReachable(guards, doc, box))
          .map((box) => box.id),
      )
    },
  },
  {
    name: 'selectSame',
    group: 'selection',
    keys: ['shift+a'],
    isAvailable: withAny,
    run: ({ editor }) => {
      const { doc, guards, selection } = editor.getState()
      const answers = new Set(selection.flatMap((id) => doc.boxes.get(id)?.expressionIds ?? []))
      editor.select(
        readingOrder(doc)
          .filter((box) => isReachable(guards, doc, box) && box.expressionIds.some((id) => answers.has(id)))
          .map((box) => box.id),
      )
    },
  },
  {
    name: 'nextBox',
    group: 'selection',
    keys: ['tab'],
    canvasOnly: true,
    isAvailable: (state) => neighbour(state, 1) !== null,
    run: ({ editor }) => goToStop(editor, neighbour(editor.getState(), 1)),
  },
  {
    name: 'previousBox',
    group: 'selection',
    keys: ['shift+tab'],
    canvasOnly: true,
    isAvailable: (state) => neighbour(state, -1) !== null,
    run: ({ editor }) => goToStop(editor, neighbour(editor.getState(), -1)),
  },
  {
    name: 'nextOverlap',
    group: 'selection',
    keys: ['o'],
    isAvailable: withAny,
    run: ({ editor }) => goTo(editor, overlapping(editor.getState())),
  },
  {
    name: 'lock',
    group: 'selection',
    keys: ['l'],
    isAvailable: withAny,
    run: ({ editor }) => {
      const { guards, selection } = editor.getState()
      editor.setGuards({ ...guards, lockedBoxes: toggled(guards.lockedBoxes, selection) })
    },
  },
  {
    name: 'unlockAll',
    group: 'selection',
    keys: ['alt+l'],
    isAvailable: ({ guards }) => locksAny(guards),
    run: ({ editor }) =>
      editor.setGuards({
        ...editor.getState().guards,
        lockedBoxes: new Set(),
        lockedTexts: new Set(),
      }),
  },
  {
    name: 'hide',
    group: 'selection',
    keys: ['shift+h'],
    isAvailable: withAny,
    run: ({ editor }) => {
      const { guards, selection } = editor.getState()
      editor.setGuards({ ...guards, hiddenBoxes: new Set([...guards.hiddenBoxes, ...selection]) })
    },
  },
  {
    name: 'hideAll',
    group: 'selection',
    keys: ['alt+h'],
    isAvailable: (state) => state.doc.boxes.size > 0,
    run: ({ editor }) => {
      const { doc, guards } = editor.getState()
      const isAnyHidden = [...doc.boxes.values()].some((box) => isHidden(guards, doc, box))
      // One key to look at the picture and back: whatever is hidden comes back first.
      editor.setGuards({
        ...guards,
        hiddenBoxes: isAnyHidden ? new Set() : new Set(doc.boxes.keys()),
        hiddenTexts: isAnyHidden ? new Set() : guards.hiddenTexts,
      })
    },
  },
] as const satisfies readonly EditorAction[]

/** The next box in reading order, behind them the suggestions; null past the end, where Tab leaves the canvas. */
function neighbour(state: EditorState, direction: 1 | -1): string | null {
  const { doc, guards, selection, focusedSuggestion } = state
  const boxes = readingOrder(doc).filter((box) => !isHidden(guards, doc, box))
  const ids = [...boxes, ...openOnes(state)].map(({ id }): string => id)
  const at = focusedSuggestion ?? selection[0]
  const current = at === undefined ? -1 : ids.indexOf(at)
  if (current === -1) return (direction === 1 ? ids[0] : ids.at(-1)) ?? null
  return ids[current + direction] ?? null
}

function goToStop(editor: Editor, id: string | null): void {
  const suggestion = openOnes(editor.getState()).find((each) => each.id === id)
  if (suggestion) goToSuggestion(editor, suggestion)
  else goTo(editor, id as BoxId | null)
}

/** The next of the boxes that touch the selected one, the smallest first. */
function overlapping({ doc, guards, selection }: EditorState): BoxId | null {
  const last = selection.at(-1)
  const box = last && doc.boxes.get(last)
  if (!box) return null
  const around = boxesIn(doc, box)
    .flatMap((id) => doc.boxes.get(id) ?? [])
    .filter((other) => !isHidden(guards, doc, other))
    .sort((a, b) => a.width * a.height - b.width * b.height || b.position - a.position)
    .map((other) => other.id)
  return cycled(around, selection, true)[0] ?? null
}

function goTo(editor: Editor, id: BoxId | null): void {
  const { doc, viewport, area } = editor.getState()
  const box = id && doc.boxes.get(id)
  if (!box) return
  editor.select([box.id])
  const revealed = reveal(viewport, box, area)
  if (revealed !== viewport) editor.setViewport(revealed)
}
