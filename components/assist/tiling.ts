import { type RgbImage, resizeBicubic } from './pillow-resize.ts'

/** Tiles across and down. */
export interface Grid {
  columns: number
  rows: number
}

export interface TilingRule {
  /** Side of a tile in pixels. */
  size: number
  min_dynamic_patch: number
  max_dynamic_patch: number
  use_thumbnail: boolean
}

/** All tiles behind each other as 8-bit RGB: `count` pictures of size × size. */
export interface Tiles {
  count: number
  size: number
  data: Uint8Array<ArrayBuffer>
}

/**
 * The grid whose aspect ratio is nearest to the picture's. Candidates grow in tile count; on an exact tie
 * (compared as doubles) the larger grid wins only when the picture has more than half of its pixels. The
 * same rule as `find_closest_aspect_ratio` of InternVL.
 */
export function chooseGrid(width: number, height: number, rule: TilingRule): Grid {
  const ratio = width / height
  let best: Grid = { columns: 1, rows: 1 }
  let bestDifference = Number.POSITIVE_INFINITY
  for (const grid of candidates(rule)) {
    const difference = Math.abs(ratio - grid.columns / grid.rows)
    const largerOnTie = width * height > 0.5 * rule.size * rule.size * grid.columns * grid.rows
    if (difference < bestDifference || (difference === bestDifference && largerOnTie)) {
      best = grid
      bestDifference = difference
    }
  }
  return best
}

function candidates({ min_dynamic_patch: min, max_dynamic_patch: max }: TilingRule): Grid[] {
  const grids: Grid[] = []
  for (let columns = 1; columns <= max; columns += 1) {
    for (let rows = 1; rows <= max; rows += 1) {
      if (columns * rows >= min && columns * rows <= max) grids.push({ columns, rows })
    }
  }
  return grids.sort((a, b) => a.columns * a.rows - b.columns * b.rows)
}

/** Row by row, then the thumbnail of the whole picture, which a picture of one tile does not get. */
export function cutTiles(image: RgbImage, rule: TilingRule): Tiles {
  const { size } = rule
  const { columns, rows } = chooseGrid(image.width, image.height, rule)
  const withThumbnail = rule.use_thumbnail && columns * rows !== 1
  const count = columns * rows + (withThumbnail ? 1 : 0)
  const bytes = size * size * 3
  const data = new Uint8Array(count * bytes)
  const resized = resizeBicubic(image, columns * size, rows * size)
  for (let tile = 0; tile < columns * rows; tile += 1) {
    const left = (tile % columns) * size
    const top = Math.floor(tile / columns) * size
    for (let y = 0; y < size; y += 1) {
      const start = ((top + y) * resized.width + left) * 3
      data.set(resized.data.subarray(start, start + size * 3), tile * bytes + y * size * 3)
    }
  }
  if (withThumbnail) data.set(resizeBicubic(image, size, size).data, (count - 1) * bytes)
  return { count, size, data }
}

type Triple = readonly [number, number, number]

/**
 * 8-bit tiles to float32 [count, 3, size, size]: divided by 255, minus mean, divided by deviation, each
 * step in float32 as torch does it.
 */
export function normaliseTiles(tiles: Tiles, mean: Triple, deviation: Triple): Float32Array<ArrayBuffer> {
  const plane = tiles.size * tiles.size
  const table = mean.map((value, channel) => levels(value, deviation[channel] as number))
  const pixels = new Float32Array(tiles.count * 3 * plane)
  for (let tile = 0; tile < tiles.count; tile += 1) {
    for (const [channel, values] of table.entries()) {
      const out = (tile * 3 + channel) * plane
      let at = tile * plane * 3 + channel
      for (let i = 0; i < plane; i += 1, at += 3) pixels[out + i] = values[tiles.data[at] as number] as number
    }
  }
  return pixels
}

/** What each of the 256 levels of a channel becomes. */
function levels(mean: number, deviation: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, level) =>
    Math.fround(Math.fround(Math.fround(level / 255) - Math.fround(mean)) / Math.fround(deviation)),
  )
}
