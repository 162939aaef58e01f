import Flatbush from 'flatbush'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Doc } from '../document/doc.ts'
import { type Guards, isReachable, NO_GUARDS } from '../document/guards.ts'
import { type ImagePoint, type ScreenPoint, screenPoint } from './points.ts'
import { contains, HANDLES, type Handle, handlePlace, type Rect } from './rects.ts'
import { handleOfImage } from './turn.ts'
import { rectToScreen, type Viewport } from './viewport.ts'

/** Screen pixels around a handle that still take hold of it. */
const CORNER_REACH = 9
const EDGE_REACH = 6
/** A finger covers what it points at and misses by this factor more. */
const COARSE = 2

interface BoxIndex {
  ids: BoxId[]
  tree: Flatbush | null
}

/** Built when first asked for; a document never changes, so neither does its index. */
const indices = new WeakMap<Doc['boxes'], BoxIndex>()

function indexOf(doc: Doc): BoxIndex {
  const known = indices.get(doc.boxes)
  if (known) return known
  const ids = [...doc.boxes.keys()]
  const tree = ids.length > 0 ? new Flatbush(ids.length) : null
  for (const { x, y, width, height } of doc.boxes.values()) tree?.add(x, y, x + width, y + height)
  tree?.finish()
  const index = { ids, tree }
  indices.set(doc.boxes, index)
  return index
}

/** Boxes that touch the rectangle, in no particular order. */
export function boxesIn(doc: Doc, { x, y, width, height }: Rect): BoxId[] {
  const { ids, tree } = indexOf(doc)
  const found = tree?.search(x, y, x + width, y + height) ?? []
  return found.flatMap((place) => ids[place] ?? [])
}

/** Boxes under a point that the pointer reaches, the smallest first: what lies inside must stay reachable. */
export function boxesAt(doc: Doc, point: ImagePoint, guards: Guards = NO_GUARDS): BoxId[] {
  return boxesIn(doc, { x: point[0], y: point[1], width: 0, height: 0 })
    .flatMap((id) => doc.boxes.get(id) ?? [])
    .filter((box) => contains(box, point) && isReachable(guards, doc, box))
    .sort((a, b) => a.width * a.height - b.width * b.height || b.position - a.position)
    .map((box) => box.id)
}

/** Boxes that lie completely inside the rectangle, as a marquee selects them. */
export function boxesWithin(doc: Doc, area: Rect, guards: Guards = NO_GUARDS): BoxId[] {
  return boxesIn(doc, area).filter((id) => {
    const box = doc.boxes.get(id)
    return (
      box &&
      isReachable(guards, doc, box) &&
      box.x >= area.x &&
      box.y >= area.y &&
      box.x + box.width <= area.x + area.width &&
      box.y + box.height <= area.y + area.height
    )
  })
}

/**
 * The handle of the image's rectangle under the pointer. Inside a box that is small on the screen the
 * reach shrinks to a quarter of its side, so that there is always room to take hold of the box itself.
 */
export function handleAt(rect: Rect, viewport: Viewport, at: ScreenPoint, coarse = false): Handle | null {
  const shown = shownHandleAt(rectToScreen(viewport, rect), at, coarse ? COARSE : 1)
  return shown && handleOfImage(viewport.turn, shown)
}

function shownHandleAt(shown: Rect, at: ScreenPoint, factor: number): Handle | null {
  const inside =
    at[0] > shown.x && at[1] > shown.y && at[0] < shown.x + shown.width && at[1] < shown.y + shown.height
  const room = inside ? Math.min(shown.width, shown.height) / 4 : Number.POSITIVE_INFINITY
  let best: { handle: Handle; away: number } | null = null
  for (const handle of HANDLES) {
    const corner = handle.length === 2
    const away = corner ? awayFromCorner(shown, handle, at) : awayFromEdge(shown, handle, at)
    // Corners win over the two edges that meet there.
    const rank = corner ? away - CORNER_REACH * factor : away
    const reach = Math.min((corner ? CORNER_REACH : EDGE_REACH) * factor, room)
    if (away <= reach && (best === null || rank < best.away)) best = { handle, away: rank }
  }
  return best?.handle ?? null
}

function awayFromCorner(shown: Rect, handle: Handle, at: ScreenPoint): number {
  const [x, y] = handlePlace(handle)
  const corner = screenPoint(shown.x + x * shown.width, shown.y + y * shown.height)
  return Math.max(Math.abs(at[0] - corner[0]), Math.abs(at[1] - corner[1]))
}

function awayFromEdge(shown: Rect, handle: Handle, at: ScreenPoint): number {
  const [x, y] = handlePlace(handle)
  const vertical = x !== 0.5
  const along = vertical ? at[1] - shown.y : at[0] - shown.x
  const length = vertical ? shown.height : shown.width
  if (along < 0 || along > length) return Number.POSITIVE_INFINITY
  return Math.abs(vertical ? at[0] - (shown.x + x * shown.width) : at[1] - (shown.y + y * shown.height))
}
