import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { readDocument } from '../annotations/read-document.ts'
import { drawPicture } from '../charts/draw-picture.ts'
import { groundedExpressions } from '../grounding/document.ts'
import { readBlob } from '../storage/blobs.ts'
import { createSampleProject, samplePlan, sampleProgress } from './create-sample-project.ts'

const SIZE = { annotated: 10, bare: 3 }
let studio: TestStudio

beforeEach(async () => {
  studio = await testStudio()
})
afterEach(() => studio.dispose())

test('the sample holds drawn charts with their boxes, a split, and some charts to annotate', async () => {
  const user = await seedUser(studio)
  const { id, isNew } = await createSampleProject(studio, user.id, 'zh', SIZE)
  expect(isNew).toBe(true)
  const images = await studio.db.image.findMany({ where: { projectId: id }, orderBy: { position: 'asc' } })
  expect(images.map((image) => image.split)).toEqual([
    ...['train', 'train', 'train', 'train', 'val'],
    ...['train', 'train', 'train', 'train', 'val'],
    ...[null, null, null],
  ])
  expect(images.map((image) => [image.status, image.revision])).toEqual([
    ...Array.from({ length: 10 }, () => ['done', 1]),
    ...Array.from({ length: 3 }, () => ['new', 0]),
  ])
  const plan = samplePlan('zh', SIZE)
  for (const [index, image] of images.entries()) {
    const { bytes, expressions } = await drawPicture(plan, index)
    expect((await readBlob(studio.paths, image.sha256)).equals(bytes)).toBe(true)
    const document = await readDocument(studio.db, image.id)
    expect(groundedExpressions(document)).toEqual(index < 10 ? expressions : [])
  }
  const labels = await studio.db.label.findMany({ where: { projectId: id }, orderBy: { position: 'asc' } })
  expect(labels.map((label) => label.name)).toEqual(['流程', '判断', '起止框', '数据', '文档', '箭头'])
})

test('a second click opens the sample that is there, also while the first is still drawing', async () => {
  const user = await seedUser(studio)
  const [one, two] = await Promise.all([
    createSampleProject(studio, user.id, 'en', SIZE),
    createSampleProject(studio, user.id, 'en', SIZE),
  ])
  const three = await createSampleProject(studio, user.id, 'en', SIZE)
  expect(two.id).toBe(one.id)
  expect(three).toEqual({ id: one.id, isNew: false })
  expect(await studio.db.project.count()).toBe(1)
})

test('everyone gets a sample of their own, and the pictures are stored once', async () => {
  const [ada, ben] = await Promise.all([seedUser(studio), seedUser(studio)])
  const first = await createSampleProject(studio, ada.id, 'en', SIZE)
  const second = await createSampleProject(studio, ben.id, 'en', SIZE)
  expect(second.id).not.toBe(first.id)
  const hashes = async (projectId: string) =>
    (await studio.db.image.findMany({ where: { projectId }, select: { sha256: true } })).map(
      (row) => row.sha256,
    )
  expect(await hashes(second.id)).toEqual(await hashes(first.id))
})

test('while it is drawn one can ask how far it is, and afterwards nothing is under way', async () => {
  const user = await seedUser(studio)
  expect(sampleProgress(studio, user.id)).toBeNull()
  const made = createSampleProject(studio, user.id, 'en', SIZE)
  expect(sampleProgress(studio, user.id)).toEqual({ done: 0, total: 13 })
  await made
  expect(sampleProgress(studio, user.id)).toBeNull()
})
