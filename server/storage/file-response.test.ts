import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contentDisposition, fileResponse } from './file-response.ts'

const SERVED = { type: 'image/png', name: 'valve.png', etag: 'abc' }
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'refbox-file-'))
  file = path.join(folder, 'data')
  writeFileSync(file, '0123456789')
})
afterEach(() => rmSync(folder, { recursive: true }))

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  fileResponse(new Request('http://studio/file', { method, headers }), file, SERVED)

test('a file comes whole with its length, and never as a page', async () => {
  const response = await get()
  expect(await response.text()).toBe('0123456789')
  expect(response.headers.get('content-length')).toBe('10')
  expect(response.headers.get('content-type')).toBe('image/png')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('content-security-policy')).toContain('sandbox')
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
})

test('a download goes on where it was cut off', async () => {
  const response = await get({ range: 'bytes=4-', 'if-range': '"abc"' })
  expect(response.status).toBe(206)
  expect(response.headers.get('content-range')).toBe('bytes 4-9/10')
  expect(await response.text()).toBe('456789')
})

test('when the file has changed since, the download starts anew', async () => {
  const response = await get({ range: 'bytes=4-', 'if-range': '"older"' })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('0123456789')
})

test('a range beyond the end is refused with the size', async () => {
  const response = await get({ range: 'bytes=10-' })
  expect(response.status).toBe(416)
  expect(response.headers.get('content-range')).toBe('bytes */10')
})

test('a browser that has the file is told so', async () => {
  expect((await get({ 'if-none-match': 'W/"abc"' })).status).toBe(304)
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200)
})

test('HEAD tells the length and sends nothing', async () => {
  const response = await get({}, 'HEAD')
  expect(response.headers.get('content-length')).toBe('10')
  expect(await response.text()).toBe('')
})

test('an empty file is an empty answer', async () => {
  writeFileSync(file, '')
  const response = await get()
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('')
})

test('a file that is gone is not found', async () => {
  rmSync(file)
  await expect(get()).rejects.toThrow('not there any more')
})

test('a file name cannot break out of its header', () => {
  const header = contentDisposition('a"\r\nset-cookie: x=1; 阀门.png', true)
  expect(header).not.toMatch(/[\r\n]/)
  expect(header.match(/"/g)).toHaveLength(2)
  expect(header).toContain("filename*=UTF-8''a%22%0D%0A")
})
