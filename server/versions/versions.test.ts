import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { ConversationRecord, MetaFile } from '../contracts/conversation.ts'
import { ProjectId, VersionId } from '../contracts/ids.ts'
import { VersionOptions } from '../contracts/version.ts'
import { normaliseBox } from '../grounding/coordinates.ts'
import { createSampleProject } from '../samples/create-sample-project.ts'
import { blobPath } from '../storage/blobs.ts'
import { materialiseVersion } from './materialise.ts'

let studio: TestStudio
let owner: Viewer
let projectId: ProjectId
const folder = mkdtempSync(path.join(tmpdir(), 'refbox-versions-'))

beforeAll(async () => {
  studio = await testStudio()
  owner = await seedUser(studio)
  const sample = await createSampleProject(studio, owner.id, 'en', { annotated: 25, bare: 5 })
  projectId = ProjectId.parse(sample.id)
}, 60_000)

afterAll(async () => {
  await studio.dispose()
  rmSync(folder, { recursive: true, force: true })
})

function options(changes: Partial<VersionOptions> = {}, conversation = {}): VersionOptions {
  return VersionOptions.parse({ ...changes, conversation })
}

const freeze = (input: VersionOptions, name = '') =>
  studio.as(owner).versions.freeze({ projectId, name, options: input })

test('freezing twice without a change gives the same version back', async () => {
  const first = await freeze(options())
  const again = await freeze(options(), 'another name')
  expect(first.isNew).toBe(true)
  expect(again).toEqual({ ...first, isNew: false })
  expect((await freeze(options({ seed: 43 }))).hash).not.toBe(first.hash)
})

test.each([
  ['all annotated images', {}, {}],
  ['finished images only', { include: 'finished' as const }, {}],
  ['no negatives', {}, { negatives: false }],
])('the preview counts what the freeze then holds: %s', async (_, changes, conversation) => {
  const input = options(changes, conversation)
  const preview = await studio.as(owner).versions.preview({ projectId, options: input })
  const { id } = await freeze(input)
  const version = await studio.as(owner).versions.byId({ versionId: VersionId.parse(id) })
  expect(version.stats).toEqual(preview)
  expect(preview.images).toEqual({ train: 20, val: 5, test: 0 })
  expect(preview.leftOut).toBe(5)
})

test('a materialised version is a data set that works from wherever its folder is moved', async () => {
  const { id, number } = await freeze(options())
  const made = path.join(folder, 'made')
  await materialiseVersion(studio, id, made)
  const moved = path.join(folder, 'moved')
  renameSync(made, moved)

  for (const [file, split, length] of [
    ['meta.json', 'train', 20],
    ['meta_val.json', 'val', 5],
  ] as const) {
    const meta = MetaFile.parse(JSON.parse(readFileSync(path.join(moved, file), 'utf8')))
    const name = `sample_flowcharts_v${number}`
    expect(Object.keys(meta)).toEqual([`${name}_${split}`])
    expect(meta[`${name}_${split}`]).toEqual({
      root: './',
      annotation: `${name}_${split}.jsonl`,
      data_augment: false,
      repeat_time: 1,
      length,
    })
    const lines = readFileSync(path.join(moved, `${name}_${split}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(length)
    for (const line of lines) {
      const record = ConversationRecord.parse(JSON.parse(line))
      expect(statSync(path.join(moved, './', String(record.image))).size).toBeGreaterThan(1000)
    }
  }
  expect(readdirSync(path.join(moved, 'images'))).toHaveLength(25)
})

test('absolute paths lead to the folder from anywhere', async () => {
  const { id } = await freeze(options())
  const target = path.join(folder, 'absolute')
  await materialiseVersion(studio, id, target, { absolute: target })
  const [entry] = Object.values(
    MetaFile.parse(JSON.parse(readFileSync(path.join(target, 'meta.json'), 'utf8'))),
  )
  expect(entry?.root).toBe(`${target}/`)
  expect(path.dirname(entry?.annotation ?? '')).toBe(target)
})

test('a lost picture is named instead of leaving a data set with a hole', async () => {
  const { id } = await freeze(options())
  const image = await studio.db.image.findFirstOrThrow({ where: { projectId, position: 4 } })
  const blob = blobPath(studio.paths, image.sha256)
  renameSync(blob, `${blob}.away`)
  const made = materialiseVersion(studio, id, path.join(folder, 'hole'))
  await expect(made).rejects.toThrow(`images/${image.fileName}`)
  renameSync(`${blob}.away`, blob)
})

test('a record shows the integers of the frozen pixels, and a later change does not reach it', async () => {
  const { id } = await freeze(options({ seed: 7 }))
  const versionId = VersionId.parse(id)
  const before = await studio.as(owner).versions.record({ versionId, index: 3 })
  if (before.frozen.kind !== 'image') throw new Error('the sample has images only')
  const { imageId, expressions } = before.frozen
  const [first] = expressions
  const integers = first?.boxes.map((box) => {
    const result = normaliseBox(box, before.frozen.kind === 'image' ? before.frozen : { width: 1, height: 1 })
    return result.ok ? `[${result.box.join(', ')}]` : 'unwritable'
  })
  expect(before.record?.conversations[1]?.value).toBe(
    `<ref>${first?.text}</ref><box>[${integers?.join(', ')}]</box>`,
  )
  await studio.db.box.updateMany({ where: { imageId }, data: { x: 0 } })
  expect(await studio.as(owner).versions.record({ versionId, index: 3 })).toEqual(before)
  await expect(studio.as(owner).versions.record({ versionId, index: 25 })).rejects.toThrow('25 records')
})

test('attributes are frozen with their boxes, and make another version when they change', async () => {
  const input = options({ seed: 8 })
  const without = await freeze(input)
  const { id } = await studio.db.box.findFirstOrThrow({
    where: { image: { projectId } },
    orderBy: [{ image: { position: 'asc' } }, { position: 'asc' }],
    select: { id: true },
  })
  await studio.db.box.update({ where: { id }, data: { attributes: { size: 3, colour: 'red' } } })
  const version = await freeze(input)
  expect(version.hash).not.toBe(without.hash)
  const record = await studio.as(owner).versions.record({ versionId: VersionId.parse(version.id), index: 0 })
  expect(JSON.stringify(record.frozen)).toContain('"attributes":[{"colour":"red","size":3}')
  expect(JSON.stringify(record.record)).not.toContain('red')
  const old = await studio.as(owner).versions.record({ versionId: VersionId.parse(without.id), index: 0 })
  expect(JSON.stringify(old.frozen)).not.toContain('attributes')
})

test('a project without a single box says so and makes no version', async () => {
  const empty = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
  const input = { projectId: ProjectId.parse(empty.id), name: '', options: options() }
  await expect(studio.as(owner).versions.freeze(input)).rejects.toThrow('Annotate some images first')
  expect(await studio.as(owner).versions.list({ projectId: input.projectId })).toEqual([])
})

test('a box that rounding would swallow stops the freeze and is named', async () => {
  const other = await seedUser(studio)
  const { id } = await createSampleProject(studio, other.id, 'zh', { annotated: 5, bare: 0 })
  const image = await studio.db.image.findFirstOrThrow({ where: { projectId: id, position: 2 } })
  await studio.db.box.updateMany({ where: { imageId: image.id }, data: { width: 0.1 } })
  const input = { projectId: ProjectId.parse(id), name: '', options: options() }
  await expect(studio.as(other).versions.freeze(input)).rejects.toThrow(image.fileName)
  expect(await studio.db.datasetVersion.count({ where: { projectId: id } })).toBe(0)
})

test('a version whose content is lost says so', async () => {
  const { id } = await freeze(options({ seed: 99 }))
  const { contentSha256 } = await studio.db.datasetVersion.findUniqueOrThrow({ where: { id } })
  rmSync(blobPath(studio.paths, contentSha256))
  const versionId = VersionId.parse(id)
  await expect(studio.as(owner).versions.record({ versionId, index: 0 })).rejects.toThrow('lost the content')
})
