import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Change } from '../document/change.ts'
import { type Doc, textsOf } from '../document/doc.ts'
import type { ListedEntry } from '../document/entries.ts'
import { isHidden, isLocked } from '../document/guards.ts'
import type { EditorState } from '../editor/state.ts'
import { boxesIn } from '../geometry/hit-test.ts'
import { rectToScreen, shownPart } from '../geometry/viewport.ts'
import type { PaintedBox } from './paint-boxes.ts'

/** Selected boxes up to this many are nodes of their own with handles; more are painted like the rest. */
export const MAX_SELECTED_NODES = 60
/** CSS pixels a side must have for a chip: below, the chip would be larger than the box. */
const CHIP_FROM = 14
const FALLBACK_COLOUR = '#888888'

/** What decides how one box looks. */
export type Looks = Pick<EditorState, 'doc' | 'viewport' | 'active' | 'guards' | 'view'>
export type Scene = Looks & Pick<EditorState, 'area' | 'selection' | 'hovered'>

/** What the colours and chips of boxes come from. */
export function coloursOf(entries: readonly ListedEntry[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [entry.text, entry.colour]))
}

/** The boxes in sight, without those that are nodes of their own, in drawing order. */
export function visibleBoxes(scene: Scene, colours: ReadonlyMap<string, string>): PaintedBox[] {
  const { doc, viewport, area, selection, hovered, guards } = scene
  const selected = new Set(selection)
  const asNodes = selection.length <= MAX_SELECTED_NODES
  return boxesIn(doc, shownPart(viewport, area))
    .filter((id) => !(asNodes && selected.has(id)))
    .flatMap((id) => doc.boxes.get(id) ?? [])
    .filter((box) => !isHidden(guards, doc, box))
    .sort((a, b) => a.position - b.position)
    .map((box) => {
      const painted = paintedBox(box, scene, colours)
      if (selected.has(box.id)) return { ...painted, emphasis: 'selected' }
      return box.id === hovered ? { ...painted, emphasis: 'hovered' } : painted
    })
}

export function paintedBox(
  box: Box,
  { doc, viewport, active, guards, view }: Looks,
  colours: ReadonlyMap<string, string>,
): PaintedBox {
  const texts = textsOf(doc, box)
  const rect = rectToScreen(viewport, box)
  const named = view.names && rect.width >= CHIP_FROM && rect.height >= CHIP_FROM
  const isActive = active !== null && texts.includes(active.text)
  return {
    rect,
    colour: colours.get(texts[0] ?? '') ?? FALLBACK_COLOUR,
    label: named ? texts.join(' · ') : '',
    emphasis: isLocked(guards, doc, box) ? 'locked' : isActive ? 'active' : 'normal',
  }
}

/** The box as it is shown now: in the middle of a gesture that is not the record. */
export function shownBox(doc: Doc, preview: readonly Change[], id: BoxId): Box | null {
  for (const change of preview) if (change.id === id && change.type === 'box') return change.after
  return doc.boxes.get(id) ?? null
}
