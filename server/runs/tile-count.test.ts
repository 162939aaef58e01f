import { expect, it } from 'vitest'
import { tileCount } from './tile-count.ts'

const six = { min_dynamic_patch: 1, max_dynamic_patch: 6, use_thumbnail: true }

// Values of choose_grid and count_tiles of trainer/refbox_trainer/data/tiling.py, tile side 448.
it.each([
  [448, 448, 1],
  [1000, 1000, 5],
  [800, 600, 7],
  [1920, 1080, 3],
  [500, 2000, 5],
  [4000, 300, 7],
])('cuts %i × %i into %i tiles, as the trainer does', (width, height, tiles) => {
  expect(tileCount({ width, height }, 448, six)).toBe(tiles)
})

it('leaves the thumbnail out when it is switched off', () => {
  expect(tileCount({ width: 1920, height: 1080 }, 448, { ...six, use_thumbnail: false })).toBe(2)
})
