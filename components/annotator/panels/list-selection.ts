import type { BoxId } from '../../../server/contracts/ids.ts'

/**
 * What is selected after a line of the list is pressed. The last of the selection is the line that has
 * the focus; a range goes from the first one of it.
 */
export function listSelection(
  order: readonly BoxId[],
  selection: readonly BoxId[],
  pressed: BoxId,
  how: 'only' | 'toggle' | 'range',
): readonly BoxId[] {
  if (how === 'toggle') {
    return selection.includes(pressed) ? selection.filter((id) => id !== pressed) : [...selection, pressed]
  }
  const anchor = selection[0]
  if (how === 'only' || anchor === undefined) return [pressed]
  const [from, to] = [order.indexOf(anchor), order.indexOf(pressed)]
  return from <= to ? order.slice(from, to + 1) : order.slice(to, from + 1).toReversed()
}
