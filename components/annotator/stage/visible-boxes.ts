import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import type { ListedEntry } from '../document/entries.ts'
import type { EditorState } from '../editor/state.ts'
import { boxesIn } from '../geometry/hit-test.ts'
import { screenPoint } from '../geometry/points.ts'
import type { Rect } from '../geometry/rects.ts'
import { rectToScreen, toImage, type Viewport } from '../geometry/viewport.ts'
import type { PaintedBox } from './paint-boxes.ts'

/** Selected boxes up to this many are nodes of their own with handles; more are painted like the rest. */
export const MAX_SELECTED_NODES = 60
/** CSS pixels a side must have for a chip: below, the chip would be larger than the box. */
const CHIP_FROM = 14
const FALLBACK_COLOUR = '#888888'

export type Scene = Pick<EditorState, 'doc' | 'viewport' | 'area' | 'selection' | 'hovered' | 'active'>

/** What the colours and chips of boxes come from. */
export function coloursOf(entries: readonly ListedEntry[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [entry.text, entry.colour]))
}

/** The boxes in sight, without those that are nodes of their own, in drawing order. */
export function visibleBoxes(scene: Scene, colours: ReadonlyMap<string, string>): PaintedBox[] {
  const { doc, viewport, area, selection, hovered } = scene
  const selected = new Set(selection)
  const asNodes = selection.length <= MAX_SELECTED_NODES
  const [left, top] = toImage(viewport, screenPoint(0, 0))
  const window = {
    x: left,
    y: top,
    width: area.width / viewport.scale,
    height: area.height / viewport.scale,
  }
  return boxesIn(doc, window)
    .filter((id) => !(asNodes && selected.has(id)))
    .flatMap((id) => doc.boxes.get(id) ?? [])
    .sort((a, b) => a.position - b.position)
    .map((box) => {
      const painted = paintedBox(box, scene, colours)
      if (selected.has(box.id)) return { ...painted, emphasis: 'selected' }
      return box.id === hovered ? { ...painted, emphasis: 'hovered' } : painted
    })
}

export function paintedBox(
  box: Box,
  { doc, viewport, active }: Pick<Scene, 'doc' | 'viewport' | 'active'>,
  colours: ReadonlyMap<string, string>,
): PaintedBox {
  const texts = textsOf(doc, box)
  const rect = rectToScreen(viewport, box)
  const roomy = rect.width >= CHIP_FROM && rect.height >= CHIP_FROM
  return {
    rect,
    colour: colours.get(texts[0] ?? '') ?? FALLBACK_COLOUR,
    label: roomy ? texts.join(' · ') : '',
    emphasis: active && texts.includes(active.text) ? 'active' : 'normal',
  }
}

export function textsOf(doc: Doc, box: Box): string[] {
  return box.expressionIds.flatMap((id) => doc.expressions.get(id)?.text ?? [])
}

/** The box as it is shown now: in the middle of a gesture that is not the record. */
export function shownBox(doc: Doc, preview: readonly Change[], id: BoxId): Box | null {
  for (const change of preview) if (change.id === id && change.type === 'box') return change.after
  return doc.boxes.get(id) ?? null
}

/** Where the image lies on the canvas. */
export function imageRect(doc: Doc, viewport: Viewport): Rect {
  return rectToScreen(viewport, { x: 0, y: 0, ...doc.image })
}
