import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import type { ListedEntry } from '../document/entries.ts'
import type { EditorState } from '../editor/state.ts'
import { onScreen, shownPart } from '../geometry/viewport.ts'
import { type Look, lookOf } from './looks.ts'
import type { Emphasis, PaintedBox } from './paint-boxes.ts'

/** Selected boxes up to this many are drawn above all others with handles; more are painted like the rest. */
export const MAX_SELECTED_NODES = 60
/** CSS pixels a side must have for a chip: below, the chip would be larger than the box. */
const CHIP_FROM = 14

/** What decides how one box looks. */
export type Looks = Pick<EditorState, 'doc' | 'viewport' | 'active' | 'guards' | 'view'>
export type Scene = Pick<EditorState, 'viewport' | 'area' | 'selection' | 'hovered' | 'view'>

/** What the colours and chips of boxes come from. */
export function coloursOf(entries: readonly ListedEntry[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [entry.text, entry.colour]))
}

/** Those of the boxes that are in sight, without the few that the hand is at. Called at every frame. */
export function visibleBoxes(scene: Scene, looks: readonly Look[]): PaintedBox[] {
  const { viewport, area, selection, hovered, view } = scene
  const selected = new Set(selection)
  const asNodes = selection.length <= MAX_SELECTED_NODES
  const part = shownPart(viewport, area)
  const [right, bottom] = [part.x + part.width, part.y + part.height]
  const place = onScreen(viewport)
  const painted: PaintedBox[] = []
  for (const look of looks) {
    const { box } = look
    if (box.x > right || box.y > bottom || box.x + box.width < part.x || box.y + box.height < part.y) continue
    const isSelected = selected.has(box.id)
    if (isSelected && asNodes) continue
    const emphasis = isSelected ? 'selected' : box.id === hovered ? 'hovered' : look.emphasis
    painted.push(placed(look, place(box), emphasis, view.names))
  }
  return painted
}

export function paintedBox(box: Box, looks: Looks, colours: ReadonlyMap<string, string>): PaintedBox {
  const look = lookOf(box, looks, colours)
  return placed(look, onScreen(looks.viewport)(box), look.emphasis, looks.view.names)
}

function placed(look: Look, rect: PaintedBox['rect'], emphasis: Emphasis, names: boolean): PaintedBox {
  const isNamed = names && rect.width >= CHIP_FROM && rect.height >= CHIP_FROM
  return { rect, colour: look.colour, label: isNamed ? look.name : '', emphasis }
}

/** The box as it is shown now: in the middle of a gesture that is not the record. */
export function shownBox(doc: Doc, preview: readonly Change[], id: BoxId): Box | null {
  for (const change of preview) if (change.id === id && change.type === 'box') return change.after
  return doc.boxes.get(id) ?? null
}
