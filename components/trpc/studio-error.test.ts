import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../server/contracts/errors.ts'
import en from '../i18n/messages/en/errors.json'
import { parseStudioError } from './studio-error.ts'

test('a refusal of a procedure keeps its code, words and details', () => {
  const studio = { code: 'WRONG_STATE', message: 'Run 3 uses it.', details: { runs: 1 } }
  const error = TRPCClientError.from({
    error: { message: 'no', code: -32_000, data: { code: 'PRECONDITION_FAILED', studio } },
  })
  expect(parseStudioError(error)).toEqual(studio)
})

test('the body of a file route is read the same way', () => {
  expect(parseStudioError({ code: 'STORAGE', message: 'Disk full.' })).toMatchObject({ code: 'STORAGE' })
})

test('no answer at all is told apart from a defect of the server', () => {
  expect(parseStudioError(new TypeError('Failed to fetch')).code).toBe('NETWORK')
  expect(parseStudioError(TRPCClientError.from(new TypeError('Failed to fetch'))).code).toBe('NETWORK')
  expect(parseStudioError(new Error('x is not a function')).code).toBe('INTERNAL')
  expect(parseStudioError('what').code).toBe('INTERNAL')
})

test('there are words for every code', () => {
  expect(Object.keys(en.codes).sort()).toEqual([...ErrorCode.options, 'NETWORK'].sort())
})
