import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedProject } from '../../prisma/seed/people.ts'
import { picture } from '../../prisma/seed/pictures.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { zipOf } from '../../prisma/seed/zips.ts'
import type { IngestResult } from '../contracts/image.ts'
import { blobPath, readBlob } from '../storage/blobs.ts'
import { receiveUpload } from './receive-upload.ts'
import { thumbnailPath } from './thumbnail.ts'

let studio: TestStudio
let projectId: string

beforeEach(async () => {
  studio = await testStudio()
  projectId = (await seedProject(studio)).id
})
afterEach(() => studio.dispose())

async function upload(name: string, bytes: Buffer, into = projectId): Promise<IngestResult[]> {
  const half = Math.floor(bytes.length / 2)
  async function* body() {
    yield bytes.subarray(0, half)
    yield bytes.subarray(half)
  }
  const results: IngestResult[] = []
  for await (const result of receiveUpload(studio, into, name, body())) results.push(result)
  return results
}

const png = (seed = 0) => picture({ seed }).png().toBuffer()
const refused = (file: string, reason: string) =>
  expect.objectContaining({ outcome: 'refused', file, reason })

test('a picture becomes a row, a blob and a thumbnail', async () => {
  const bytes = await png()
  const [result] = await upload('阀门 1.png', bytes)
  expect(result).toMatchObject({ outcome: 'added', file: '阀门 1.png' })
  const image = await studio.db.image.findFirstOrThrow()
  expect(image).toMatchObject({
    fileName: '阀门 1.png',
    width: 64,
    height: 48,
    origin: 'upload',
    position: 1,
  })
  expect((await readBlob(studio.paths, image.sha256)).equals(bytes)).toBe(true)
  expect(readdirSync(`${studio.paths.thumbnails}/${image.sha256.slice(0, 2)}`)).toEqual([
    `${image.sha256}.webp`,
  ])
  expect(thumbnailPath(studio.paths, image.sha256)).toContain(image.sha256)
})

test('of a picture that had to be changed the original is kept as well', async () => {
  const bytes = await picture().tiff().toBuffer()
  await upload('scan.tif', bytes)
  const image = await studio.db.image.findFirstOrThrow()
  expect(image).toMatchObject({ fileName: 'scan.tif', mediaType: 'image/png' })
  expect((await readBlob(studio.paths, image.originalSha256 ?? '')).equals(bytes)).toBe(true)
})

test('the same picture twice is one picture, in each project', async () => {
  const [first] = await upload('a.tif', await picture().tiff().toBuffer())
  const [second] = await upload('b.tif', await picture().tiff().toBuffer())
  expect(second).toEqual({ ...first, outcome: 'duplicate', file: 'b.tif' })
  const other = (await seedProject(studio)).id
  expect((await upload('a.tif', await picture().tiff().toBuffer(), other))[0]?.outcome).toBe('added')
  expect(await studio.db.image.count()).toBe(2)
})

test('two uploads of one picture at the same moment make one row', async () => {
  const bytes = await png()
  const results = await Promise.all([upload('a.png', bytes), upload('b.png', bytes)])
  expect(
    results
      .flat()
      .map(({ outcome }) => outcome)
      .sort(),
  ).toEqual(['added', 'duplicate'])
})

test('what is no picture is refused, whatever it is called', async () => {
  const zip = await zipOf([{ name: 'a.png', bytes: await png() }])
  const cases: [string, Buffer, string][] = [
    ['empty.png', Buffer.alloc(0), 'empty'],
    ['drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'notAnImage'],
    ['page.jpg', Buffer.from('<!doctype html><script>alert(1)</script>'), 'notAnImage'],
    ['archive.jpg', zip, 'notAnImage'],
    ['note.txt', Buffer.from('BMX is a sport'), 'notAnImage'],
  ]
  for (const [name, bytes, reason] of cases) {
    expect(await upload(name, bytes)).toEqual([refused(name, reason)])
  }
  expect(await studio.db.image.count()).toBe(0)
})

test('cut-off files of every format are refused, and leave nothing behind', async () => {
  const formats = [
    ['jpg', await picture().jpeg().toBuffer()],
    ['png', await png()],
    ['webp', await picture().webp().toBuffer()],
    ['avif', await picture({ width: 400, height: 300 }).avif().toBuffer()],
  ] as const
  for (const [ending, bytes] of formats) {
    const name = `cut.${ending}`
    expect(await upload(name, bytes.subarray(0, Math.floor(bytes.length * 0.7)))).toEqual([
      refused(name, 'truncated'),
    ])
  }
  expect(readdirSync(studio.paths.temporary)).toEqual([])
  expect(readdirSync(studio.paths.blobs)).toEqual([])
})

test('a file with a broken middle is called damaged', async () => {
  const bytes = await picture({ width: 300, height: 300 }).png().toBuffer()
  bytes.fill(0x55, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40)
  expect(await upload('broken.png', bytes)).toEqual([refused('broken.png', 'damaged')])
})

test('an upload that is broken off leaves nothing behind', async () => {
  const bytes = await png()
  async function* body() {
    yield bytes.subarray(0, 100)
    throw new Error('aborted')
  }
  await expect(receiveUpload(studio, projectId, 'a.png', body()).next()).rejects.toThrow('aborted')
  expect(readdirSync(studio.paths.temporary)).toEqual([])
})

test('a name cannot lead out of its folder', async () => {
  await upload('../../etc/passwd.png', await png(1))
  await upload('C:\\temp\\valve.png', await png(2))
  await upload('line\nbreak.png', await png(3))
  const names = (await studio.db.image.findMany({ orderBy: { position: 'asc' } })).map(
    ({ fileName }) => fileName,
  )
  expect(names).toEqual(['passwd.png', 'valve.png', 'line_break.png'])
})

test('a lost blob is put back by uploading the picture again', async () => {
  const bytes = await png()
  await upload('a.png', bytes)
  const { sha256 } = await studio.db.image.findFirstOrThrow()
  const { rm } = await import('node:fs/promises')
  await rm(blobPath(studio.paths, sha256))
  expect((await upload('a.png', bytes))[0]?.outcome).toBe('duplicate')
  expect((await readBlob(studio.paths, sha256)).equals(bytes)).toBe(true)
})
