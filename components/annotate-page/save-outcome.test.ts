import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { outcomeOfError } from './save-outcome.ts'

const answer = (code: string) =>
  Object.assign(new TRPCClientError('refused'), { data: { studio: { code, message: 'in words' } } })

describe('a save that failed', () => {
  it.each([
    ['CONFLICT', { kind: 'conflict' }],
    ['BAD_REQUEST', { kind: 'refused', message: 'in words' }],
    ['FORBIDDEN', { kind: 'refused', message: 'in words' }],
    ['NOT_FOUND', { kind: 'refused', message: 'in words' }],
    ['INTERNAL', { kind: 'unreachable' }],
    ['UNAUTHENTICATED', { kind: 'unreachable' }],
  ])('with %s is %o', (code, outcome) => {
    expect(outcomeOfError(answer(code))).toEqual(outcome)
  })

  it('on a disk without room says so, and is tried again', () => {
    const refusal = answer('STORAGE')
    Object.assign(refusal.data.studio, { details: { reason: 'dataReadOnly' } })
    expect(outcomeOfError(refusal)).toEqual({ kind: 'storage', problem: 'dataReadOnly' })
    expect(outcomeOfError(answer('STORAGE'))).toEqual({ kind: 'storage', problem: 'diskFull' })
  })

  it('without any answer is worth trying again', () => {
    expect(outcomeOfError(new TypeError('Failed to fetch'))).toEqual({ kind: 'unreachable' })
  })
})
