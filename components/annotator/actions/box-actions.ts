import { COPY_OFFSET } from '../clipboard/clipping.ts'
import { createBox, createdIn, deleteBoxes, duplicateBoxes, placeBoxes } from '../document/edit.ts'
import { cropRect, type Handle, moveRects, rectOf, resizeRects, survivesRounding } from '../geometry/rects.ts'
import { handleOfImage, unturned } from '../geometry/turn.ts'
import { shownPart } from '../geometry/viewport.ts'
import {
  type ActionContext,
  type EditorAction,
  editableSelection,
  withSelection,
  writable,
} from './action.ts'

/** Image pixels of one press of an arrow, and of one with Shift. */
const STEP = 1
const BIG_STEP = 10
/** Side of a box made by the keyboard, as a share of what is in sight. */
const NEW_BOX_SHARE = 0.2

const nudge = <Name extends string>(name: Name, key: string, dx: number, dy: number): EditorAction<Name> => ({
  name,
  group: 'boxes',
  keys: [key],
  isAvailable: withSelection,
  run: (context) => {
    const { doc, selection, viewport } = context.editor.getState()
    const [x, y] = unturned(viewport.turn, dx, dy)
    const changes = placeBoxes(doc, shifted(context, x, y))
    context.editor.commit('nudge', changes, `nudge ${selection.join(' ')}`)
  },
})

/** Moves the right or the lower edge, as one sees it, by a step. */
const stretch = <Name extends string>(
  name: Name,
  key: string,
  edge: Handle,
  dx: number,
  dy: number,
): EditorAction<Name> => ({
  name,
  group: 'boxes',
  keys: [key],
  isAvailable: withSelection,
  run: (context) => {
    const { editor } = context
    const { doc, selection, viewport } = editor.getState()
    const boxes = editableSelection(context)
    if (boxes.length === 0) return
    const [x, y] = unturned(viewport.turn, dx, dy)
    const drag = { handle: handleOfImage(viewport.turn, edge), dx: x, dy: y }
    const places = new Map(
      boxes.map((box) => [box.id, resizeRects([rectOf(box)], drag, doc.image)[0] ?? rectOf(box)]),
    )
    // A box that cannot get smaller stays as it is; there is no edge to drag it across.
    for (const [id, rect] of places) if (!survivesRounding(rect, doc.image)) places.delete(id)
    editor.commit('resize', placeBoxes(doc, places), `stretch ${selection.join(' ')}`)
  },
})

export const BOX_ACTIONS = [
  {
    name: 'newBox',
    group: 'boxes',
    keys: ['b'],
    isAvailable: writable,
    run: ({ editor }) => {
      const { doc, viewport, area, active } = editor.getState()
      const part = cropRect(shownPart(viewport, area), doc.image)
      const [width, height] = [part.width * NEW_BOX_SHARE, part.height * NEW_BOX_SHARE]
      const rect = cropRect(
        { x: part.x + (part.width - width) / 2, y: part.y + (part.height - height) / 2, width, height },
        doc.image,
      )
      if (!survivesRounding(rect, doc.image)) return
      if (!active) {
        editor.setUnnamed(rect)
        return
      }
      const { id, changes } = createBox(doc, active, rect, editor.ids)
      if (editor.commit('draw', changes)) editor.select([id])
    },
  },
  {
    name: 'delete',
    group: 'boxes',
    keys: ['delete', 'backspace'],
    isAvailable: withSelection,
    run: (context) => {
      const ids = editableSelection(context).map((box) => box.id)
      context.editor.commit('delete', deleteBoxes(context.editor.getState().doc, ids))
    },
  },
  {
    name: 'duplicate',
    group: 'boxes',
    keys: ['mod+d'],
    isAvailable: withSelection,
    run: (context) => {
      const { editor } = context
      const changes = duplicateBoxes(
        editor.getState().doc,
        shifted(context, COPY_OFFSET, COPY_OFFSET),
        editor.ids,
      )
      if (editor.commit('duplicate', changes)) editor.select(createdIn(changes))
    },
  },
  nudge('nudgeLeft', 'arrowleft', -STEP, 0),
  nudge('nudgeRight', 'arrowright', STEP, 0),
  nudge('nudgeUp', 'arrowup', 0, -STEP),
  nudge('nudgeDown', 'arrowdown', 0, STEP),
  nudge('nudgeFarLeft', 'shift+arrowleft', -BIG_STEP, 0),
  nudge('nudgeFarRight', 'shift+arrowright', BIG_STEP, 0),
  nudge('nudgeFarUp', 'shift+arrowup', 0, -BIG_STEP),
  nudge('nudgeFarDown', 'shift+arrowdown', 0, BIG_STEP),
  stretch('narrower', 'mod+arrowleft', 'e', -STEP, 0),
  stretch('wider', 'mod+arrowright', 'e', STEP, 0),
  stretch('shorter', 'mod+arrowup', 's', 0, -STEP),
  stretch('taller', 'mod+arrowdown', 's', 0, STEP),
  stretch('muchNarrower', 'mod+shift+arrowleft', 'e', -BIG_STEP, 0),
  stretch('muchWider', 'mod+shift+arrowright', 'e', BIG_STEP, 0),
  stretch('muchShorter', 'mod+shift+arrowup', 's', 0, -BIG_STEP),
  stretch('muchTaller', 'mod+shift+arrowdown', 's', 0, BIG_STEP),
] as const satisfies readonly EditorAction[]

function shifted(context: ActionContext, dx: number, dy: number) {
  const boxes = editableSelection(context)
  const moved = moveRects(boxes.map(rectOf), dx, dy, context.editor.getState().doc.image)
  return new Map(boxes.map((box, place) => [box.id, moved[place] ?? rectOf(box)]))
}
