import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { adopt, blobPath, putBlob, readBlob, spool } from './blobs.ts'
import { type DataPaths, dataPaths } from './paths.ts'
import { storageError } from './storage-error.ts'

let paths: DataPaths
const HELLO = Buffer.from('hello')
const HASH = createHash('sha256').update(HELLO).digest('hex')

beforeEach(() => {
  paths = dataPaths(mkdtempSync(path.join(tmpdir(), 'refbox-blobs-')))
})
afterEach(() => rmSync(paths.root, { recursive: true }))

async function* chunks(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part)
}

test('bytes are stored once under their hash', async () => {
  expect(await putBlob(paths, HELLO)).toEqual({ sha256: HASH, bytes: 5 })
  const { ino } = statSync(blobPath(paths, HASH))
  await putBlob(paths, HELLO)
  expect(statSync(blobPath(paths, HASH)).ino).toBe(ino)
  expect(await readBlob(paths, HASH)).toEqual(HELLO)
})

test('a stream is hashed on its way to disk and moved into the store when it is complete', async () => {
  const spooled = await spool(paths, chunks('hel', 'lo'), 100)
  expect(spooled).toMatchObject({ sha256: HASH, bytes: 5 })
  expect(existsSync(blobPath(paths, HASH))).toBe(false)
  await adopt(paths, spooled.file, HASH)
  expect(existsSync(spooled.file)).toBe(false)
  expect((await readBlob(paths, HASH)).toString()).toBe('hello')
})

test('a stream that is too long or breaks leaves nothing behind', async () => {
  await expect(spool(paths, chunks('hel', 'lo'), 4)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  async function* broken() {
    yield Buffer.from('hel')
    throw new Error('connection lost')
  }
  await expect(spool(paths, broken(), 100)).rejects.toThrow('connection lost')
  expect(readdirSync(paths.temporary)).toEqual([])
})

test('only a hash names a blob', () => {
  expect(() => blobPath(paths, '../../etc/passwd')).toThrow()
})

test('a blob that the data folder has lost is named', async () => {
  await expect(readBlob(paths, HASH)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test.skipIf(!existsSync('/dev/full'))('a full disk is told in plain words', async () => {
  const error = await writeFile('/dev/full', 'hello').catch((thrown: unknown) => thrown)
  expect(storageError(error)).toMatchObject({
    code: 'STORAGE',
    userMessage: expect.stringContaining('is full'),
  })
  expect(storageError(new Error('something else'))).toBeNull()
})
