import { expect, test } from 'vitest'
import { parseByteRange } from './byte-range.ts'

test('a range names its first and last byte, open at either end', () => {
  expect(parseByteRange('bytes=0-9', 100)).toEqual({ start: 0, end: 9 })
  expect(parseByteRange('bytes=90-', 100)).toEqual({ start: 90, end: 99 })
  expect(parseByteRange('bytes=-10', 100)).toEqual({ start: 90, end: 99 })
  expect(parseByteRange('bytes=95-200', 100)).toEqual({ start: 95, end: 99 })
  expect(parseByteRange('bytes=-500', 100)).toEqual({ start: 0, end: 99 })
})

test('a range outside the file cannot be served', () => {
  expect(parseByteRange('bytes=100-', 100)).toBe('unsatisfiable')
  expect(parseByteRange('bytes=-0', 100)).toBe('unsatisfiable')
  expect(parseByteRange('bytes=0-0', 0)).toBe('unsatisfiable')
})

test('what is not one range of bytes is answered with the whole file', () => {
  for (const header of [null, '', 'bytes=-', 'items=0-1', 'bytes=0-1,5-6', 'bytes=9-3', 'bytes=a-b']) {
    expect(parseByteRange(header, 100), String(header)).toBeNull()
  }
})
