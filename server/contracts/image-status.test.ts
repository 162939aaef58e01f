import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { ImageStatus } from './image.ts'
import { isUnfinished, mayMove, rightFor, sourcesOf, statusAfterChange } from './image-status.ts'
import { type Role, roleAllows } from './roles.ts'

const asRole = (role: Role) => (right: 'annotations.write' | 'annotations.review') => roleAllows(role, right)
const statuses = fc.constantFrom(...ImageStatus.options)

describe('an annotator', () => {
  const may = asRole('annotator')

  it('finishes work and takes that back, also work that was returned', () => {
    expect(mayMove('in_work', 'done', may)).toBe(true)
    expect(mayMove('done', 'in_work', may)).toBe(true)
    expect(mayMove('returned', 'done', may)).toBe(true)
  })

  it('neither accepts nor returns anything, and leaves what is accepted alone', () => {
    fc.assert(
      fc.property(statuses, statuses, (from, to) => {
        if (to === 'accepted' || to === 'returned' || from === 'accepted') {
          expect(mayMove(from, to, may)).toBe(false)
        }
      }),
    )
  })
})

test.each(['reviewer', 'manager', 'owner'] as const)(
  'a %s accepts, returns and takes a verdict back',
  (role) => {
    expect(sourcesOf('accepted', asRole(role))).toEqual(['new', 'in_work', 'done', 'returned'])
    expect(sourcesOf('returned', asRole(role))).toEqual(['in_work', 'done', 'accepted'])
    expect(mayMove('accepted', 'done', asRole(role))).toBe(true)
  },
)

test('somebody who only looks moves nothing', () => {
  expect(ImageStatus.options.flatMap((to) => sourcesOf(to, asRole('viewer')))).toEqual([])
})

test('no image becomes new again, and none moves to where it is', () => {
  for (const status of ImageStatus.options) {
    expect(rightFor(status, 'new')).toBeNull()
    expect(rightFor(status, status)).toBeNull()
  }
})

test('everybody with a greater role may do what a lesser one may', () => {
  const ascending: Role[] = ['viewer', 'annotator', 'reviewer', 'manager', 'owner']
  fc.assert(
    fc.property(statuses, statuses, (from, to) => {
      const verdicts = ascending.map((role) => mayMove(from, to, asRole(role)))
      expect(verdicts).toEqual(verdicts.toSorted((a, b) => Number(a) - Number(b)))
    }),
  )
})

test('saving begins the work and asks for a new verdict on what was accepted, nothing else', () => {
  expect(ImageStatus.options.map(statusAfterChange)).toEqual([
    'in_work',
    'in_work',
    'done',
    'done',
    'returned',
  ])
})

test('new, begun and returned images still ask for an annotator', () => {
  expect(ImageStatus.options.filter(isUnfinished)).toEqual(['new', 'in_work', 'returned'])
})
