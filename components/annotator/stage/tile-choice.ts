import {
  coarsestLevel,
  OVERVIEW_SIZE,
  TILE_SIZE,
  type Tile,
  tilesAcross,
} from '../../../server/contracts/tiles.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { Rect } from '../geometry/rects.ts'

/**
 * The coarsest level that has a pixel for each of the screen's; null = the overview has.
 * @param scale device pixels of the screen for one pixel of the picture
 */
export function levelFor(image: Size, scale: number): number | null {
  if (scale * Math.max(image.width, image.height) <= OVERVIEW_SIZE) return null
  const level = Math.floor(Math.log2(1 / scale))
  return Math.min(coarsestLevel(image), Math.max(0, level))
}

/** The tiles of a level that a part of the picture touches, those nearest to its middle first. */
export function tilesInSight(image: Size, level: number, part: Rect): Tile[] {
  const side = TILE_SIZE * 2 ** level
  const { columns, rows } = tilesAcross(image, level)
  const between = (start: number, length: number, count: number) => ({
    first: Math.max(0, Math.floor(start / side)),
    last: Math.min(count - 1, Math.ceil((start + length) / side) - 1),
  })
  const [across, down] = [between(part.x, part.width, columns), between(part.y, part.height, rows)]
  const tiles: Tile[] = []
  for (let row = down.first; row <= down.last; row += 1) {
    for (let column = across.first; column <= across.last; column += 1) tiles.push({ level, column, row })
  }
  const away = ({ column, row }: Tile) =>
    Math.hypot((column + 0.5) * side - part.x - part.width / 2, (row + 0.5) * side - part.y - part.height / 2)
  return tiles.sort((a, b) => away(a) - away(b))
}

/** The part of the picture that a tile shows, cut at its border. */
export function rectOfTile(image: Size, { level, column, row }: Tile): Rect {
  const side = TILE_SIZE * 2 ** level
  const [x, y] = [column * side, row * side]
  return { x, y, width: Math.min(side, image.width - x), height: Math.min(side, image.height - y) }
}

/** The tile of the next coarser level that shows the same place and more. */
export function parentOf({ level, column, row }: Tile): Tile {
  return { level: level + 1, column: Math.floor(column / 2), row: Math.floor(row / 2) }
}
