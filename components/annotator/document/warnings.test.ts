import { describe, expect, it } from 'vitest'
import { aBox, anExpression } from '../testing/records.ts'
import { claimsOne } from './claims-one.ts'
import { docFrom } from './doc.ts'
import { listEntries } from './entries.ts'
import { similarTexts } from './near-duplicate.ts'
import { expressionWarnings } from './warnings.ts'

describe('a phrase', () => {
  it.each([
    'the red valve',
    'The valve on the left of the pipes',
    'the left valve',
    'this glass',
    'the man with glasses',
    'the bus',
    '这个红色的阀门',
    '最左边的人',
  ])('%j speaks of one thing', (text) => {
    expect(claimsOne(text)).toBe(true)
  })

  it.each([
    'the red valves',
    'the valves on the wall',
    'the two valves',
    'all valves',
    'a valve',
    'valve',
    'the people in the room',
    '这些阀门',
    '左边的阀门',
  ])('%j may speak of several', (text) => {
    expect(claimsOne(text)).toBe(false)
  })
})

describe('warnings', () => {
  const one = anExpression({ kind: 'phrase', text: 'the valve' })
  const slip = anExpression({ kind: 'phrase', text: 'The  valve' })
  const many = anExpression({ kind: 'phrase', text: 'all pumps' })
  const image = { width: 500, height: 500 }
  const warned = (...boxes: ReturnType<typeof aBox>[]) => {
    const entries = listEntries(docFrom({ expressions: [one, slip, many], boxes }, image), [], [])
    return expressionWarnings(entries, similarTexts(entries.map((entry) => entry.text)))
  }

  it('tell of a phrase for one thing with several boxes', () => {
    const warnings = warned(aBox([one]), aBox([one]), aBox([many]), aBox([many]))
    expect(warnings.get('the valve')).toContainEqual({ code: 'ambiguous', boxes: 2 })
    expect(warnings.has('all pumps')).toBe(false)
  })

  it('tell of two names for one thing on both of them', () => {
    const warnings = warned(aBox([one]), aBox([slip]))
    expect(warnings.get('the valve')).toEqual([{ code: 'similar', text: 'The  valve' }])
    expect(warnings.get('The  valve')).toEqual([{ code: 'similar', text: 'the valve' }])
  })
})
