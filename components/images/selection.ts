import { placeOf } from '../../server/contracts/image-positions.ts'

/**
 * Which images are chosen, by their positions in the project: it holds while the list changes, and whatever is
 * chosen need not have been loaded.
 */
export interface Selection {
  positions: ReadonlySet<number>
  /** The one that arrows move from, Enter opens and the side panel shows. */
  active: number | null
  /** Where a range with Shift begins. */
  anchor: number | null
}

/** Positions of what is listed, ascending. */
export type Order = Int32Array

export const NOTHING: Selection = { positions: new Set(), active: null, anchor: null }

export function selectOne(position: number): Selection {
  return { positions: new Set([position]), active: position, anchor: position }
}

export function toggle(selection: Selection, position: number): Selection {
  const positions = new Set(selection.positions)
  if (!positions.delete(position)) positions.add(position)
  return { positions, active: position, anchor: position }
}

/** From the anchor to `position`, in the order of the list; without a usable anchor only that one. */
export function selectRange(selection: Selection, position: number, order: Order): Selection {
  const from = selection.anchor === null ? -1 : indexIn(order, selection.anchor)
  const to = indexIn(order, position)
  if (from < 0 || to < 0) return selectOne(position)
  const positions = new Set(order.subarray(Math.min(from, to), Math.max(from, to) + 1))
  return { positions, active: position, anchor: selection.anchor }
}

export function selectAll(order: Order, active: number | null): Selection {
  return { positions: new Set(order), active: active ?? order[0] ?? null, anchor: order[0] ?? null }
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last'

/** Moves the active image over the grid; with `extend` the range from the anchor grows. */
export function move(
  selection: Selection,
  step: Step,
  order: Order,
  columns: number,
  extend: boolean,
): Selection {
  if (order.length === 0) return selection
  const current = selection.active === null ? -1 : indexIn(order, selection.active)
  const target = order[current < 0 ? 0 : targetIndex(current, step, order.length, columns)]
  if (target === undefined) return selection
  return extend ? selectRange(selection, target, order) : selectOne(target)
}

/** Place of a position in the list; -1 = it is not listed. */
export function indexIn(order: Order, position: number): number {
  const place = placeOf(order, position)
  return order[place] === position ? place : -1
}

function targetIndex(index: number, step: Step, length: number, columns: number): number {
  const last = length - 1
  switch (step) {
    case 'left':
      return Math.max(0, index - 1)
    case 'right':
      return Math.min(last, index + 1)
    case 'up':
      return index - columns >= 0 ? index - columns : index
    case 'down':
      // From the row above a short last row one comes to its end.
      return index + columns <= last ? index + columns : sameRow(index, last, columns) ? index : last
    case 'first':
      return 0
    case 'last':
      return last
  }
}

function sameRow(a: number, b: number, columns: number): boolean {
  return Math.floor(a / columns) === Math.floor(b / columns)
}

/** After images went away: what is left of the selection. */
export function keepOnly(selection: Selection, order: Order): Selection {
  const isThere = (position: number) => indexIn(order, position) >= 0
  const stays = (position: number | null) => (position !== null && isThere(position) ? position : null)
  const positions = new Set([...selection.positions].filter(isThere))
  return { positions, active: stays(selection.active), anchor: stays(selection.anchor) }
}
