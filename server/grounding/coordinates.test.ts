import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boxProblem,
  type Corners,
  denormalise,
  denormaliseBox,
  normalise,
  normaliseBox,
  roundHalfEven,
} from './coordinates.ts'
import { iouCeiling } from './rounding-ceiling.ts'

const table: { size: number; cases: [number, number][] }[] = JSON.parse(
  readFileSync('trainer/contracts/examples/coordinates.json', 'utf8'),
)
const axis = fc.integer({ min: 1, max: 65_500 })
const square = { width: 1000, height: 1000 }

describe('normalise', () => {
  it.each(table)('agrees with Python on an axis of $size pixels, exact ties included', ({ size, cases }) => {
    expect(cases.map(([value]) => [value, normalise(value, size)])).toEqual(cases)
  })

  it('sends ties to the even neighbour', () => {
    expect([0.5, 1.5, 2.5, 3.5, -0.5, -1.5].map(roundHalfEven)).toEqual([0, 2, 2, 4, 0, -2])
  })

  it('gives back every integer that it once wrote', () => {
    fc.assert(
      fc.property(axis, fc.integer({ min: 0, max: 1000 }), (size, value) => {
        expect(normalise(denormalise(value, size), size)).toBe(value)
      }),
    )
  })

  it('never leaves 0..1000 and never turns the order of two points around', () => {
    const point = fc.double({ min: -1e5, max: 2e5, noNaN: true })
    fc.assert(
      fc.property(axis, point, point, (size, a, b) => {
        const [low, high] = [normalise(Math.min(a, b), size), normalise(Math.max(a, b), size)]
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1000)
        expect(low).toBeLessThanOrEqual(high)
      }),
    )
  })

  it('moves a point inside the image by at most half a thousandth of the axis', () => {
    fc.assert(
      fc.property(axis, fc.double({ min: 0, max: 1, noNaN: true }), (size, share) => {
        const value = share * size
        expect(Math.abs(denormalise(normalise(value, size), size) - value)).toBeLessThanOrEqual(
          (0.5 / 1000) * size * (1 + 1e-9),
        )
      }),
    )
  })

  it.each([
    [Number.NaN, 10],
    [1, 0],
    [1, -4],
    [Number.POSITIVE_INFINITY, 10],
    [1, Number.NaN],
  ])('refuses %s on an axis of %s', (value, size) => {
    expect(() => normalise(value, size)).toThrow(RangeError)
  })
})

describe('normaliseBox', () => {
  const corner = fc.double({ min: -500, max: 5000, noNaN: true })

  it('writes four ordered integers or says why not', () => {
    fc.assert(
      fc.property(axis, axis, corner, corner, corner, corner, (width, height, ...corners) => {
        const result = normaliseBox(corners, { width, height })
        if (!result.ok) {
          expect(boxProblem(corners, { width, height })).toEqual(result.problem)
          return
        }
        const [x1, y1, x2, y2] = result.box
        expect(x1).toBeLessThan(x2)
        expect(y1).toBeLessThan(y2)
        expect(normaliseBox(denormaliseBox(result.box, { width, height }), { width, height })).toEqual({
          ok: true,
          box: result.box,
          clamped: false,
        })
      }),
    )
  })

  it.each<[string, Corners, object]>([
    ['a box of zero width', [5, 5, 5, 9], { code: 'empty', axis: 'x' }],
    ['corners in the wrong order', [5, 9, 8, 5], { code: 'empty', axis: 'y' }],
    ['a box beside the image', [1000, 5, 1200, 9], { code: 'outside' }],
    ['a coordinate that is no number', [Number.NaN, 5, 8, 9], { code: 'notFinite' }],
    ['a box that rounds to a line', [5.1, 5, 5.4, 9], { code: 'vanishes', axis: 'x', smallest: 1 }],
  ])('reports %s', (_, corners, problem) => {
    expect(normaliseBox(corners, square)).toEqual({ ok: false, problem })
  })

  it('cuts a box that sticks out, and says so', () => {
    expect(normaliseBox([-20, 10, 1100, 50], square)).toEqual({
      ok: true,
      box: [0, 10, 1000, 50],
      clamped: true,
    })
  })
})

describe('iouCeiling', () => {
  it('is 1 for a box on whole thousandths and lower for a small box between them', () => {
    expect(iouCeiling([10, 20, 30, 40], square)).toBe(1)
    expect(iouCeiling([10.4, 20.4, 13.4, 23.4], square)).toBeCloseTo((2.6 * 2.6) / (18 - 2.6 * 2.6), 9)
  })

  it('is 0 for a box that cannot be written', () => {
    expect(iouCeiling([5.1, 5, 5.4, 9], square)).toBe(0)
  })
})
