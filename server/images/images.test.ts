import { afterEach, beforeEach, expect, test } from 'vitest'
import { aBox, anExpression, seedAnnotations } from '../../prisma/seed/annotations.ts'
import { seedImage } from '../../prisma/seed/images.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { ImageId, ProjectId } from '../contracts/ids.ts'

let studio: TestStudio
let manager: Viewer
let projectId: ProjectId

beforeEach(async () => {
  studio = await testStudio()
  manager = await seedUser(studio)
  projectId = ProjectId.parse(
    (await seedProject(studio, { members: [{ user: manager, role: 'manager' }] })).id,
  )
})
afterEach(() => studio.dispose())

async function seedNames(...names: string[]): Promise<Record<string, ImageId>> {
  const ids: Record<string, ImageId> = {}
  for (const fileName of names)
    ids[fileName] = ImageId.parse((await seedImage(studio, projectId, { fileName })).id)
  return ids
}

async function names(filter: Record<string, unknown> = {}): Promise<string[]> {
  const { images } = await studio.as(manager).images.list({ projectId, filter })
  return images.map(({ fileName }) => fileName)
}

test('pages follow each other without a gap, and the first one counts', async () => {
  await seedNames('a.png', 'b.png', 'c.png', 'd.png', 'e.png')
  const list = studio.as(manager).images.list
  const first = await list({ projectId, limit: 2 })
  expect(first).toMatchObject({ total: 5, images: [{ fileName: 'a.png' }, { fileName: 'b.png' }] })
  const second = await list({ projectId, limit: 2, cursor: first.nextCursor })
  const third = await list({ projectId, limit: 2, cursor: second.nextCursor })
  expect([...second.images, ...third.images].map(({ fileName }) => fileName)).toEqual([
    'c.png',
    'd.png',
    'e.png',
  ])
  expect([second.total, third.nextCursor]).toEqual([null, null])
})

test('a part of the name is looked for as it is typed', async () => {
  await seedNames('flow_0001.png', 'flow-0001.png', 'Flow_0002.png', '100%.png')
  expect(await names({ name: 'flow_' })).toEqual(['flow_0001.png', 'Flow_0002.png'])
  expect(await names({ name: '%' })).toEqual(['100%.png'])
  expect(await names({ name: "'; DROP TABLE" })).toEqual([])
})

test('classes, phrases, status and split narrow the list together', async () => {
  const ids = await seedNames('a.png', 'b.png', 'c.png')
  const valve = anExpression({ text: 'red valve' })
  const pump = anExpression({ text: 'Pump' })
  await seedAnnotations(studio, ids['a.png'] ?? '', {
    expressions: [valve],
    boxes: [aBox([valve], { width: 20, height: 20 })],
  })
  await seedAnnotations(studio, ids['b.png'] ?? '', { expressions: [pump], boxes: [] })
  expect(await names({ expression: 'red valve' })).toEqual(['a.png'])
  expect(await names({ expression: 'valve' })).toEqual([])
  expect(await names({ text: 'PUM' })).toEqual(['b.png'])
  const imageIds = [ids['a.png'], ids['b.png']].filter((id) => id !== undefined)
  await studio.as(manager).images.setStatus({ projectId, imageIds, status: 'done' })
  await studio.as(manager).images.setSplit({ projectId, imageIds: imageIds.slice(0, 1), split: 'val' })
  expect(await names({ status: 'done' })).toEqual(['a.png', 'b.png'])
  expect(await names({ status: 'done', split: 'none' })).toEqual(['b.png'])
  expect(await names({ split: 'val', text: 'valve' })).toEqual(['a.png'])
})

test('a card carries what is drawn on the thumbnail', async () => {
  const ids = await seedNames('a.png')
  const valve = anExpression({ text: 'valve' })
  const box = aBox([valve], { x: 1, y: 2, width: 3, height: 4 })
  await seedAnnotations(studio, ids['a.png'] ?? '', { expressions: [valve], boxes: [box] })
  const { images } = await studio.as(manager).images.list({ projectId })
  expect(images[0]).toMatchObject({
    expressions: 1,
    boxCount: 1,
    boxes: [{ x: 1, y: 2, width: 3, height: 4, text: 'valve' }],
  })
})

test('next and previous walk through what the filter shows', async () => {
  const ids = await seedNames('a1.png', 'b1.png', 'a2.png', 'a3.png')
  const at = (imageId: ImageId | undefined, filter = {}) =>
    studio.as(manager).images.place({ imageId: ImageId.parse(imageId), filter })
  expect(await at(ids['a2.png'])).toMatchObject({
    previousId: ids['b1.png'],
    nextId: ids['a3.png'],
    number: 3,
    total: 4,
  })
  expect(await at(ids['a2.png'], { name: 'a' })).toMatchObject({
    previousId: ids['a1.png'],
    number: 2,
    total: 3,
  })
  expect(await at(ids['a1.png'])).toMatchObject({ previousId: null, number: 1 })
})

test('the side list counts images and boxes of each class and phrase', async () => {
  const ids = await seedNames('a.png', 'b.png')
  for (const id of Object.values(ids)) {
    const valve = anExpression({ text: 'valve' })
    const none = anExpression({ text: 'the blue pump', kind: 'phrase' })
    await seedAnnotations(studio, id, {
      expressions: [valve, none],
      boxes: [aBox([valve], { width: 9, height: 9 }), aBox([valve], { x: 3, width: 9, height: 9 })],
    })
  }
  const counts = await studio.as(manager).images.counts({ projectId })
  expect(counts.expressions).toEqual([
    { kind: 'class', text: 'valve', images: 2, boxes: 4 },
    { kind: 'phrase', text: 'the blue pump', images: 2, boxes: 0 },
  ])
  expect(counts.total).toBe(2)
  expect(counts.splits.find(({ split }) => split === null)?.images).toBe(2)
})

test('images of another project are out of reach through an own one', async () => {
  const foreign = await seedImage(studio, (await seedProject(studio)).id)
  const imageIds = [ImageId.parse(foreign.id)]
  const { setStatus, setSplit, delete: remove } = studio.as(manager).images
  expect(await setStatus({ projectId, imageIds, status: 'done' })).toEqual({ images: 0 })
  expect(await setSplit({ projectId, imageIds, split: 'test' })).toEqual({ images: 0 })
  expect(await remove({ projectId, imageIds })).toEqual({ images: 0 })
  expect(await studio.db.image.findUniqueOrThrow({ where: { id: foreign.id } })).toMatchObject({
    status: 'new',
    split: null,
  })
})

test('deleting an image takes its annotations along and leaves its bytes', async () => {
  const ids = await seedNames('a.png', 'b.png')
  const valve = anExpression()
  await seedAnnotations(studio, ids['a.png'] ?? '', {
    expressions: [valve],
    boxes: [aBox([valve], { width: 9, height: 9 })],
  })
  const imageIds = [ImageId.parse(ids['a.png'])]
  expect(await studio.as(manager).images.delete({ projectId, imageIds })).toEqual({ images: 1 })
  expect(await studio.db.box.count()).toBe(0)
  expect(await names()).toEqual(['b.png'])
})
