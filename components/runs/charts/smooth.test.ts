import fc from 'fast-check'
import { expect, it } from 'vitest'
import { smooth } from './smooth.ts'

it('leaves values alone without weight', () => {
  expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2])
})

it('starts at the first value and stays between the smallest and the largest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (values, weight) => {
        const smoothed = smooth(values, weight)
        expect(smoothed[0]).toBeCloseTo(values[0] ?? 0, 6)
        const [least, most] = [Math.min(...values), Math.max(...values)]
        for (const value of smoothed) {
          expect(value).toBeGreaterThanOrEqual(least - 1e-6)
          expect(value).toBeLessThanOrEqual(most + 1e-6)
        }
      },
    ),
  )
})

it('leaves a constant constant', () => {
  for (const value of smooth(Array(50).fill(7), 0.9)) expect(value).toBeCloseTo(7, 9)
})
