import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coarsestLevel,
  hasTile,
  isTiled,
  TILE_SIZE,
  tilePath,
  tilesAcross,
} from '../../../server/contracts/tiles.ts'
import type { Turn } from '../geometry/turn.ts'
import { onScreen } from '../geometry/viewport.ts'
import { edgesOnScreen } from './edges-on-screen.ts'
import { levelFor, parentOf, rectOfTile, tilesInSight } from './tile-choice.ts'

const LARGE = { width: 12_000, height: 9_000 }
const size = fc.record({
  width: fc.integer({ min: 1, max: 30_000 }),
  height: fc.integer({ min: 8_193, max: 30_000 }),
})

describe('tiles', () => {
  it('are for pictures that are too large in one piece only', () => {
    expect(isTiled({ width: 4032, height: 3024 })).toBe(false)
    expect(isTiled({ width: 6000, height: 4000 })).toBe(true)
    expect(isTiled({ width: 9000, height: 100 })).toBe(true)
  })

  it('of the level whose pixels are just finer than those of the screen are chosen', () => {
    expect(coarsestLevel(LARGE)).toBe(2)
    expect(levelFor(LARGE, 0.08)).toBeNull()
    expect(levelFor(LARGE, 0.2)).toBe(2)
    expect(levelFor(LARGE, 0.25)).toBe(2)
    expect(levelFor(LARGE, 0.26)).toBe(1)
    expect(levelFor(LARGE, 1)).toBe(0)
    expect(levelFor(LARGE, 40)).toBe(0)
  })

  it('never have fewer pixels than the screen unless the picture itself has', () => {
    fc.assert(
      fc.property(size, fc.double({ min: 0.01, max: 64, noNaN: true }), (image, scale) => {
        const level = levelFor(image, scale)
        if (level === null) return
        expect(2 ** level * scale <= 1 || level === 0).toBe(true)
        expect(level).toBeLessThanOrEqual(coarsestLevel(image))
      }),
    )
  })

  it('cover what is in sight, exist, and those in the middle come first', () => {
    const part = fc.record({
      x: fc.double({ min: -5_000, max: 30_000, noNaN: true }),
      y: fc.double({ min: -5_000, max: 30_000, noNaN: true }),
      width: fc.double({ min: 1, max: 9_000, noNaN: true }),
      height: fc.double({ min: 1, max: 9_000, noNaN: true }),
    })
    fc.assert(
      fc.property(size, part, fc.nat({ max: 5 }), (image, seen, any) => {
        const level = Math.min(any, coarsestLevel(image))
        const tiles = tilesInSight(image, level, seen)
        for (const tile of tiles) expect(hasTile(image, tile)).toBe(true)
        const covered = tiles
          .map((tile) => rectOfTile(image, tile))
          .reduce((sum, rect) => sum + overlap(rect, seen), 0)
        expect(covered).toBeCloseTo(overlap({ x: 0, y: 0, ...image }, seen), 2)
      }),
    )
    const [first] = tilesInSight(LARGE, 0, { x: 5_000, y: 4_000, width: 2_000, height: 2_000 })
    expect(first).toEqual({ level: 0, column: 11, row: 9 })
  })

  it('lie within their parents', () => {
    for (const tile of tilesInSight(LARGE, 1, { x: 0, y: 0, ...LARGE })) {
      const [own, above] = [rectOfTile(LARGE, tile), rectOfTile(LARGE, parentOf(tile))]
      expect(overlap(own, above)).toBe(own.width * own.height)
    }
  })

  it('have addresses of their own', () => {
    const { columns, rows } = tilesAcross(LARGE, 0)
    const all = tilesInSight(LARGE, 0, { x: 0, y: 0, ...LARGE }).map(tilePath)
    expect(new Set(all).size).toBe(columns * rows)
    expect(columns).toBe(Math.ceil(LARGE.width / TILE_SIZE))
  })

  it('meet on whole pixels of the screen, near where their part of the picture lies', () => {
    const viewport = fc.record({
      scale: fc.double({ min: 0.02, max: 8, noNaN: true }),
      x: fc.double({ min: -2_000, max: 2_000, noNaN: true }),
      y: fc.double({ min: -2_000, max: 2_000, noNaN: true }),
      turn: fc.constantFrom<Turn>(0, 1, 2, 3),
    })
    fc.assert(
      fc.property(viewport, fc.nat({ max: 20 }), fc.nat({ max: 15 }), (view, column, row) => {
        const rect = rectOfTile(LARGE, { level: 0, column, row })
        const { x, y } = edgesOnScreen(view)
        // The canvas has been moved and turned: what is drawn at (x, y) appears here.
        const drawn = onScreen({ ...view, scale: 1 })({
          x: x(rect.x),
          y: y(rect.y),
          width: x(rect.x + rect.width) - x(rect.x),
          height: y(rect.y + rect.height) - y(rect.y),
        })
        const exact = onScreen(view)(rect)
        expect(Math.abs(drawn.x - Math.round(drawn.x))).toBeLessThan(1e-6)
        expect(Math.abs(drawn.y - Math.round(drawn.y))).toBeLessThan(1e-6)
        expect(Math.abs(drawn.x - exact.x)).toBeLessThan(0.51)
        expect(Math.abs(drawn.y - exact.y)).toBeLessThan(0.51)
      }),
    )
  })
})

interface Rect {
  x: number
  y: number
  width: number
  height: number
}

function overlap(a: Rect, b: Rect): number {
  const along = (start: number, length: number, other: number, otherLength: number) =>
    Math.max(0, Math.min(start + length, other + otherLength) - Math.max(start, other))
  return along(a.x, a.width, b.x, b.width) * along(a.y, a.height, b.y, b.height)
}
