import fc from 'fast-check'
import superjson from 'superjson'
import { expect, test } from 'vitest'
import { isPlainJson } from './plain-json.ts'

test('what is taken for plain arrives as superjson would bring it', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.date(),
    fc.bigInt(),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      fc.uniqueArray(tie('value'), { maxLength: 2 }).map((items) => new Set(items)),
    ),
  }))
  fc.assert(
    fc.property(value, (given) => {
      const whole = superjson.deserialize(superjson.serialize(given))
      if (isPlainJson(given)) expect(JSON.parse(JSON.stringify(given))).toEqual(whole)
    }),
    { numRuns: 500 },
  )
})

test('nothing that JSON would lose is taken for plain', () => {
  const lost = [undefined, new Date(), new Map(), new Set(), 1n, Number.NaN, -0, Number.POSITIVE_INFINITY]
  for (const value of lost) {
    expect(isPlainJson(value)).toBe(false)
    expect(isPlainJson({ within: [value] })).toBe(false)
  }
  expect(isPlainJson({ boxes: [{ x: 1.5, note: null, isOn: true, text: 'dog' }] })).toBe(true)
})
