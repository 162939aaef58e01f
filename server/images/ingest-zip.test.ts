import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedProject } from '../../prisma/seed/people.ts'
import { picture } from '../../prisma/seed/pictures.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { tamper, type ZipEntry, zipOf } from '../../prisma/seed/zips.ts'
import type { IngestResult } from '../contracts/image.ts'
import { receiveUpload } from './receive-upload.ts'

let studio: TestStudio
let projectId: string

beforeEach(async () => {
  studio = await testStudio()
  projectId = (await seedProject(studio)).id
})
afterEach(() => studio.dispose())

async function ingest(zip: Buffer): Promise<IngestResult[]> {
  async function* body() {
    yield zip
  }
  const results: IngestResult[] = []
  for await (const result of receiveUpload(studio, projectId, 'pictures.zip', body())) results.push(result)
  return results
}

const png = (seed: number) => picture({ seed }).png().toBuffer()
const short = (results: IngestResult[]) =>
  results.map((result) => `${result.file}: ${result.outcome === 'refused' ? result.reason : result.outcome}`)

/** A good picture before and after the evil entry: both must get in. */
async function around(evil: ZipEntry): Promise<Buffer> {
  return zipOf([
    { name: 'before.png', bytes: await png(1) },
    evil,
    { name: 'after.png', bytes: await png(2) },
  ])
}

test('every entry that is a file gets its result, in the order of the archive', async () => {
  const results = await ingest(
    await zipOf([
      { name: 'train/valve.png', bytes: await png(1) },
      { name: 'train/readme.txt', bytes: Buffer.from('hello') },
      { name: '__MACOSX/train/._valve.png', bytes: Buffer.from([0, 5, 22, 7, 0, 2]) },
      { name: 'train/copy.png', bytes: await png(1) },
      { name: 'train/empty.png', bytes: Buffer.alloc(0) },
      { name: 'train/cut.png', bytes: (await png(3)).subarray(0, 90) },
      { name: 'train/inner.zip', bytes: await zipOf([{ name: 'a.png', bytes: await png(4) }]) },
      { name: 'train/pump.jpg', bytes: await picture({ seed: 5 }).jpeg().toBuffer() },
    ]),
  )
  expect(short(results)).toEqual([
    'train/valve.png: added',
    'train/readme.txt: notAnImage',
    '__MACOSX/train/._valve.png: notAnImage',
    'train/copy.png: duplicate',
    'train/empty.png: empty',
    'train/cut.png: truncated',
    'train/inner.zip: notAnImage',
    'train/pump.jpg: added',
  ])
  const images = await studio.db.image.findMany({ orderBy: { position: 'asc' } })
  expect(images.map(({ fileName, origin }) => [fileName, origin])).toEqual([
    ['train/valve.png', 'zip'],
    ['train/pump.jpg', 'zip'],
  ])
  expect(readdirSync(studio.paths.temporary)).toEqual([])
})

test('entries that point out of the archive are refused, and nothing is written there', async () => {
  const name = 'xx/evil.png'
  for (const evil of ['../evil.png', '/x/evil.png', 'C:/evil.png', '..\\evil.png', 'x/../ev.png']) {
    const placeholder = name.padEnd(evil.length, 'x')
    const zip = await around({ name: placeholder, bytes: await png(9) })
    expect(
      short(await ingest(tamper(zip, placeholder, { name: evil.padEnd(placeholder.length, 'x') })))[1],
    ).toMatch(/unsafePath$/)
  }
  expect(await studio.db.image.count()).toBe(2)
  expect(existsSync(path.join(studio.paths.root, 'evil.png'))).toBe(false)
})

test('links are refused', async () => {
  const zip = await around({ name: 'link.png', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 })
  expect(short(await ingest(zip))).toEqual(['before.png: added', 'link.png: link', 'after.png: added'])
})

test('encrypted entries are refused', async () => {
  const zip = await around({ name: 'secret.png', bytes: await png(9) })
  expect(short(await ingest(tamper(zip, 'secret.png', { flags: 0x801 })))).toEqual([
    'before.png: added',
    'secret.png: encrypted',
    'after.png: added',
  ])
})

test('an entry that claims to blow up is refused, and so is one that lies about it', async () => {
  const zip = await around({ name: 'bomb.png', bytes: Buffer.alloc(1_000_000) })
  const claims = tamper(zip, 'bomb.png', { uncompressedSize: 300 * 1024 * 1024 })
  expect(short(await ingest(claims))[1]).toBe('bomb.png: zipBomb')
  const real = await around({
    name: 'liar.png',
    bytes: await picture({ width: 500, height: 500 }).png().toBuffer(),
  })
  expect(short(await ingest(tamper(real, 'liar.png', { uncompressedSize: 200 })))[1]).toBe(
    'liar.png: zipBomb',
  )
  expect(await studio.db.image.count()).toBe(2)
})

test('an archive whose entries claim more than it can hold is left at that point', async () => {
  const entries = await Promise.all(
    [1, 2, 3].map(async (seed) => ({ name: `${seed}.png`, bytes: await png(seed) })),
  )
  const zip = await zipOf(entries)
  const results = await ingest(tamper(zip, '2.png', { uncompressedSize: 90 * 1024 * 1024 }))
  expect(short(results)).toEqual(['1.png: added', '2.png: zipBomb', '3.png: zipBomb'])
})

test('names that only differ in case are kept apart', async () => {
  const zip = await zipOf([
    { name: 'a.png', bytes: await png(1) },
    { name: 'A.png', bytes: await png(2) },
    { name: 'a.png', bytes: await png(3) },
  ])
  expect(short(await ingest(zip))).toEqual(['a.png: added', 'A (2).png: added', 'a (3).png: added'])
})

test('names that a Chinese Windows wrote are read', async () => {
  const zip = await zipOf([{ name: 'xxxx.png', bytes: await png(1) }])
  // 阀门 in GBK; the flag that says UTF-8 is taken away.
  const gbk = Buffer.concat([Buffer.from([0xb7, 0xa7, 0xc3, 0xc5]), Buffer.from('.png')])
  const results = await ingest(tamper(zip, 'xxxx.png', { name: gbk, flags: 0 }))
  expect(short(results)).toEqual(['阀门.png: added'])
})

test('an archive that is cut off or has too many entries is refused as a whole', async () => {
  const zip = await zipOf([{ name: 'a.png', bytes: await png(1) }])
  expect(short(await ingest(zip.subarray(0, zip.length - 30)))).toEqual(['pictures.zip: truncated'])
  const crowded = Buffer.from(zip)
  const end = crowded.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  crowded.writeUInt16LE(60_000, end + 8)
  crowded.writeUInt16LE(60_000, end + 10)
  expect(short(await ingest(crowded))).toEqual(['pictures.zip: tooManyEntries'])
  expect(short(await ingest(await zipOf([])))).toEqual(['pictures.zip: empty'])
})

test('ten thousand files are gone through one by one', async () => {
  const entries = Array.from({ length: 10_000 }, (_, n) => ({ name: `${n}.txt`, bytes: Buffer.from('text') }))
  const results = await ingest(await zipOf([...entries, { name: 'last.png', bytes: await png(1) }]))
  expect(results).toHaveLength(10_001)
  expect(results.at(-1)).toMatchObject({ outcome: 'added', file: 'last.png' })
}, 120_000)

test('a page that is closed in the middle leaves whole pictures and no open files', async () => {
  const entries = await Promise.all(
    Array.from({ length: 8 }, async (_, seed) => ({ name: `${seed}.png`, bytes: await png(seed) })),
  )
  const zip = await zipOf(entries)
  async function* body() {
    yield zip
  }
  const results = receiveUpload(studio, projectId, 'pictures.zip', body())
  await results.next()
  await results.return(undefined)
  expect(await studio.db.image.count()).toBe(1)
  expect(readdirSync(studio.paths.temporary)).toEqual([])
})
