/** Which images are chosen, in terms of their ids, so that it holds while the list grows or changes. */
export interface Selection {
  ids: ReadonlySet<string>
  /** The one that arrows move from, Enter opens and the side panel shows. */
  active: string | null
  /** Where a range with Shift begins. */
  anchor: string | null
}

export const NOTHING: Selection = { ids: new Set(), active: null, anchor: null }

export function selectOne(id: string): Selection {
  return { ids: new Set([id]), active: id, anchor: id }
}

export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, active: id, anchor: id }
}

/** From the anchor to `id`, in the order of `order`; without a usable anchor only `id`. */
export function selectRange(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const to = order.indexOf(id)
  if (from < 0 || to < 0) return selectOne(id)
  const ids = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1))
  return { ids, active: id, anchor: selection.anchor }
}

export function selectAll(order: readonly string[], active: string | null): Selection {
  return { ids: new Set(order), active: active ?? order[0] ?? null, anchor: order[0] ?? null }
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last'

/** Moves the active image over the grid; with `extend` the range from the anchor grows. */
export function move(
  selection: Selection,
  step: Step,
  order: readonly string[],
  columns: number,
  extend: boolean,
): Selection {
  if (order.length === 0) return selection
  const current = selection.active === null ? -1 : order.indexOf(selection.active)
  const target = order[current < 0 ? 0 : targetIndex(current, step, order.length, columns)]
  if (target === undefined) return selection
  return extend ? selectRange(selection, target, order) : selectOne(target)
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
export function keepOnly(selection: Selection, order: readonly string[]): Selection {
  const there = new Set(order)
  const stays = (id: string | null) => (id !== null && there.has(id) ? id : null)
  const ids = new Set([...selection.ids].filter((id) => there.has(id)))
  return { ids, active: stays(selection.active), anchor: stays(selection.anchor) }
}
