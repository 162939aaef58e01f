import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RevisionEntry, SITTING_GAP_MS, sittingsOf } from './sittings.ts'

const ADA = { id: 'u_ada', name: 'Ada' }
const BO = { id: 'u_bo', name: 'Bo' }
const START = Date.UTC(2026, 0, 5, 9)

function revision(
  number: number,
  author: RevisionEntry['author'],
  minute: number,
  origin = 'editor',
): RevisionEntry {
  return {
    number,
    author,
    origin,
    createdAt: new Date(START + minute * 60_000),
    counts: { created: 1, changed: 2, deleted: 0 },
  }
}

test('what one person saves in a row is one sitting, with the sum of what was done', () => {
  const revisions = [revision(3, ADA, 12), revision(2, ADA, 5), revision(1, ADA, 0)]
  expect(sittingsOf(revisions)).toEqual([
    {
      author: ADA,
      origin: 'editor',
      first: 1,
      last: 3,
      startedAt: new Date(START),
      endedAt: new Date(START + 12 * 60_000),
      counts: { created: 3, changed: 6, deleted: 0 },
      revisions,
    },
  ])
})

test('another person, another origin and a long silence each begin another', () => {
  const list = [
    revision(5, ADA, 40),
    revision(4, ADA, 3),
    revision(3, BO, 2),
    revision(2, ADA, 1),
    revision(1, ADA, 0, 'import'),
  ]
  expect(sittingsOf(list).map(({ author, first, last }) => [author?.name, first, last])).toEqual([
    ['Ada', 5, 5],
    ['Ada', 4, 4],
    ['Bo', 3, 3],
    ['Ada', 2, 2],
    ['Ada', 1, 1],
  ])
})

test('every revision belongs to exactly one sitting, and nothing is split that belongs together', () => {
  const steps = fc.array(
    fc.record({ author: fc.constantFrom(ADA, BO, null), minutes: fc.integer({ min: 0, max: 20 }) }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(steps, (given) => {
      let minute = 0
      const oldestFirst = given.map(({ author, minutes }, place) => {
        minute += minutes
        return revision(place + 1, author, minute)
      })
      const sittings = sittingsOf(oldestFirst.toReversed())
      const numbers = sittings.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, place) => last - place),
      )
      expect(numbers).toEqual(oldestFirst.map(({ number }) => number).toReversed())
      for (const [place, later] of sittings.slice(0, -1).entries()) {
        const earlier = sittings[place + 1]
        const gap = later.startedAt.getTime() - (earlier?.endedAt.getTime() ?? 0)
        expect(later.author?.id !== earlier?.author?.id || gap > SITTING_GAP_MS).toBe(true)
      }
    }),
  )
})
