import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { picture } from './golden/picture.ts'
import { resizeBicubic } from './pillow-resize.ts'
import { chooseGrid, cutTiles, normaliseTiles } from './tiling.ts'

/** Made with real Pillow by trainer/tests/make_resize_golden.py. */
const golden: {
  resizes: { from: [number, number]; to: [number, number]; sha256: string; pixels?: string }[]
  grids: { size: [number, number]; max: number; grid: [number, number] }[]
  cut: {
    from: [number, number]
    size: number
    max: number
    count: number
    sha256: string
    normalised_sha256: string
  }
} = JSON.parse(readFileSync('components/assist/golden/pillow-resize.json', 'utf8'))

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('resizing', () => {
  it.each(golden.resizes)(
    'from $from to $to gives the very bytes Pillow gives',
    ({ from, to, ...expected }) => {
      const { data } = resizeBicubic(picture(...from), ...to)
      if (expected.pixels) expect(Buffer.from(data).toString('base64')).toBe(expected.pixels)
      expect(sha256(data)).toBe(expected.sha256)
    },
  )

  it('never changes the picture it was given', () => {
    const image = picture(9, 9)
    const copy = resizeBicubic(image, 9, 9)
    copy.data[0] = (copy.data[0] as number) ^ 1
    expect(image).toEqual(picture(9, 9))
  })
})

describe('tiling', () => {
  it.each(golden.grids)(
    '$size with at most $max tiles takes the grid of the trainer',
    ({ size, max, grid }) => {
      const rule = { size: 448, min_dynamic_patch: 1, max_dynamic_patch: max, use_thumbnail: true }
      expect(chooseGrid(...size, rule)).toEqual({ columns: grid[0], rows: grid[1] })
    },
  )

  it('cuts and normalises to the very floats of the trainer, the thumbnail last', () => {
    const { from, size, max, count, sha256: tileHash, normalised_sha256 } = golden.cut
    const rule = { size, min_dynamic_patch: 1, max_dynamic_patch: max, use_thumbnail: true }
    const tiles = cutTiles(picture(...from), rule)
    expect(tiles.count).toBe(count)
    expect(sha256(tiles.data)).toBe(tileHash)
    const floats = normaliseTiles(tiles, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    expect(sha256(new Uint8Array(floats.buffer))).toBe(normalised_sha256)
  })

  it('gives a picture of one tile no thumbnail', () => {
    const rule = { size: 16, min_dynamic_patch: 1, max_dynamic_patch: 6, use_thumbnail: true }
    expect(cutTiles(picture(20, 20), { ...rule, max_dynamic_patch: 1 }).count).toBe(1)
    expect(cutTiles(picture(200, 100), rule).count).toBe(3)
  })
})
