import { createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import yauzl from 'yauzl'
import { seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { MetaFile } from '../contracts/conversation.ts'
import { ProjectId } from '../contracts/ids.ts'
import { VersionOptions } from '../contracts/version.ts'
import { createSampleProject } from '../samples/create-sample-project.ts'
import { blobPath } from '../storage/blobs.ts'
import { exportVersion } from './export-version.ts'

let studio: TestStudio
let versionId: string
const folder = mkdtempSync(path.join(tmpdir(), 'refbox-export-'))

beforeAll(async () => {
  studio = await testStudio()
  const owner = await seedUser(studio)
  const sample = await createSampleProject(studio, owner.id, 'en', { annotated: 10, bare: 0 })
  const version = await studio.as(owner).versions.freeze({
    projectId: ProjectId.parse(sample.id),
    name: 'first',
    options: VersionOptions.parse({ conversation: {} }),
  })
  versionId = version.id
}, 60_000)

afterAll(async () => {
  await studio.dispose()
  rmSync(folder, { recursive: true, force: true })
})

test('the zip holds a card, both meta files, the records they count, and every picture once', async () => {
  const { fileName, stream } = await exportVersion(studio, versionId)
  expect(fileName).toBe('sample_flowcharts_v1.zip')
  const file = path.join(folder, fileName)
  await pipeline(stream, createWriteStream(file))
  const entries = await unzip(file)
  const names = [...entries.keys()]
  expect(names.filter((name) => !name.includes('/images/'))).toEqual([
    'sample_flowcharts_v1/README.txt',
    'sample_flowcharts_v1/meta.json',
    'sample_flowcharts_v1/meta_val.json',
    'sample_flowcharts_v1/sample_flowcharts_v1_train.jsonl',
    'sample_flowcharts_v1/sample_flowcharts_v1_val.jsonl',
  ])
  expect(entries.get('sample_flowcharts_v1/README.txt')).toContain('images   8 train, 2 val, 0 test')
  const pictures = new Set(names.filter((name) => name.includes('/images/')))
  expect(pictures.size).toBe(10)
  for (const meta of ['meta.json', 'meta_val.json']) {
    const [entry] = Object.values(
      MetaFile.parse(JSON.parse(entries.get(`sample_flowcharts_v1/${meta}`) ?? '')),
    )
    const lines = (entries.get(`sample_flowcharts_v1/${entry?.annotation}`) ?? '').trimEnd().split('\n')
    expect(lines).toHaveLength(entry?.length ?? -1)
    for (const line of lines)
      expect(pictures.delete(`sample_flowcharts_v1/${JSON.parse(line).image}`)).toBe(true)
  }
  expect(pictures.size).toBe(0)
  await expect.poll(() => readdirSync(studio.paths.temporary)).toEqual([])
})

test('the same version gives the same bytes', async () => {
  const bytes = async () => {
    const { stream } = await exportVersion(studio, versionId)
    const parts: Buffer[] = []
    for await (const part of stream) parts.push(part as Buffer)
    return Buffer.concat(parts)
  }
  expect((await bytes()).equals(await bytes())).toBe(true)
})

test('a lost picture breaks the download instead of making a shorter zip', async () => {
  const image = await studio.db.image.findFirstOrThrow({ where: { position: 4 } })
  rmSync(blobPath(studio.paths, image.sha256))
  const { stream } = await exportVersion(studio, versionId)
  await expect(pipeline(stream, createWriteStream(path.join(folder, 'broken.zip')))).rejects.toThrow('ENOENT')
  await expect.poll(() => readdirSync(studio.paths.temporary)).toEqual([])
})

/** Text of every entry by name, in the order of the zip. */
function unzip(file: string): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, string>()
    yauzl.open(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      zip.on('entry', (entry: yauzl.Entry) => {
        zip.openReadStream(entry, async (failure, stream) => {
          if (failure) return reject(failure)
          entries.set(entry.fileName, await text(stream))
          zip.readEntry()
        })
      })
      zip.on('end', () => resolve(entries))
      zip.on('error', reject)
      zip.readEntry()
    })
  })
}
