import { describe, expect, it } from 'vitest'
import type { Entry } from './edit.ts'
import { nearDuplicate } from './near-duplicate.ts'

const found = (text: string, ...known: string[]) =>
  nearDuplicate(
    text,
    known.map((other): Entry => ({ kind: 'phrase', text: other })),
  )?.text ?? null

describe('near duplicates', () => {
  it.each([
    ['Red  valve ', 'red valve'],
    ['ｄｏｇ', 'dog'],
    ['valvr', 'valve'],
    ['vavle', 'valve'],
    ['valves', 'valve'],
    ['the grey house on the hill', 'the gray hose on the hill'],
    ['红色的阀门', '红色阀门'],
  ])('%j is taken for %j', (text, other) => {
    expect(found(text, other)).toBe(other)
  })

  it.each([
    ['dog', 'dog'],
    ['cat', 'car'],
    ['box 1', 'box 2'],
    ['左边的阀门', '右边的阀门'],
    ['left valve', 'right valve'],
    ['process', 'decision'],
  ])('%j and %j are two things', (text, other) => {
    expect(found(text, other)).toBeNull()
  })

  it('are told by case and spaces before slips of the hand', () => {
    expect(found('Valve', 'valves', 'valve')).toBe('valve')
  })
})
