/**
 * Into how many tiles a picture is cut: the grid whose aspect ratio is nearest, and on an exact tie
 * the larger one if the picture has more than half its pixels; plus the thumbnail when there is more
 * than one tile. The rule of `choose_grid` and `count_tiles` in trainer/refbox_trainer/data/tiling.py.
 * @param tileSize side of a tile in pixels
 */
export function tileCount(
  { width, height }: { width: number; height: number },
  tileSize: number,
  options: { min_dynamic_patch: number; max_dynamic_patch: number; use_thumbnail: boolean },
): number {
  let best = { tiles: 1, difference: Number.POSITIVE_INFINITY }
  for (const { columns, rows } of grids(options.min_dynamic_patch, options.max_dynamic_patch)) {
    const tiles = columns * rows
    const difference = Math.abs(width / height - columns / rows)
    const largerOnTie = width * height > 0.5 * tileSize * tileSize * tiles
    if (difference < best.difference || (difference === best.difference && largerOnTie)) {
      best = { tiles, difference }
    }
  }
  return best.tiles + (options.use_thumbnail && best.tiles > 1 ? 1 : 0)
}

/** All grids by growing number of tiles. */
function grids(least: number, most: number): { columns: number; rows: number }[] {
  const all = []
  for (let columns = 1; columns <= most; columns += 1) {
    for (let rows = 1; columns * rows <= most; rows += 1) {
      if (columns * rows >= least) all.push({ columns, rows })
    }
  }
  return all.sort((a, b) => a.columns * a.rows - b.columns * b.rows)
}
