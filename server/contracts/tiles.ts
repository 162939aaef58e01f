import { z } from 'zod'

/**
 * Pictures that are too large to be decoded as a whole in a browser are shown by tiles. Level 0 has the pixels of
 * the picture; each further one half as many across and down. What is coarser than the coarsest level with tiles is
 * the overview: the whole picture in one piece.
 *
 * GET /api/images/<imageId>/tiles/overview and /api/images/<imageId>/tiles/<level>/<column>_<row>
 */

/** Pixels of a side of a tile; those of the last column and row are smaller. */
export const TILE_SIZE = 512
/** Longest side of the overview, pixels. */
export const OVERVIEW_SIZE = 2_048
/** Pixels from which a picture is shown by tiles: 67 MB decoded. */
const TILED_FROM = 4_096 * 4_096
/** … and the side from which it is, however narrow: graphics cards refuse longer ones. */
const LONGEST_SIDE = 8_192

interface Size {
  readonly width: number
  readonly height: number
}

export interface Tile {
  readonly level: number
  readonly column: number
  readonly row: number
}

export function isTiled({ width, height }: Size): boolean {
  return width * height > TILED_FROM || Math.max(width, height) > LONGEST_SIDE
}

/** Pixels of the picture at a level. */
export function levelSize({ width, height }: Size, level: number): Size {
  const shrunk = (side: number) => Math.ceil(side / 2 ** level)
  return { width: shrunk(width), height: shrunk(height) }
}

/** The last level that shows more than the overview does. */
export function coarsestLevel(size: Size): number {
  const longest = Math.max(size.width, size.height)
  return Math.max(0, Math.ceil(Math.log2(longest / OVERVIEW_SIZE)) - 1)
}

export function tilesAcross(size: Size, level: number): { columns: number; rows: number } {
  const { width, height } = levelSize(size, level)
  return { columns: Math.ceil(width / TILE_SIZE), rows: Math.ceil(height / TILE_SIZE) }
}

export function hasTile(size: Size, { level, column, row }: Tile): boolean {
  if (level > coarsestLevel(size)) return false
  const { columns, rows } = tilesAcross(size, level)
  return column < columns && row < rows
}

/** The address of a tile below the image's own. */
export function tilePath({ level, column, row }: Tile): string {
  return `tiles/${level}/${column}_${row}`
}

const TILE_NAME = /^(\d{1,4})_(\d{1,4})$/

/** What follows `tiles/` in the address. */
export const TileAddress = z
  .union([z.tuple([z.literal('overview')]), z.tuple([z.string().regex(/^\d$/), z.string().regex(TILE_NAME)])])
  .transform((parts): 'overview' | Tile => {
    const [level, name] = parts
    if (name === undefined) return 'overview'
    const [, column, row] = TILE_NAME.exec(name) ?? []
    return { level: Number(level), column: Number(column), row: Number(row) }
  })
