import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aBox, anExpression, creationOf } from '../../prisma/seed/annotations.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRows } from '../../prisma/seed/rows.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { CommentId } from '../contracts/comment.ts'
import { type ImageId, ProjectId, UserId } from '../contracts/ids.ts'
import { ImageFilter } from '../contracts/image.ts'

let studio: TestStudio
let ada: Viewer
let bo: Viewer
let rita: Viewer
let guest: Viewer
let projectId: ProjectId
let images: ImageId[]
const image = () => images[0] as ImageId

beforeAll(async () => {
  studio = await testStudio()
  ada = await seedUser(studio, { name: 'Ada' })
  bo = await seedUser(studio, { name: 'Bo' })
  rita = await seedUser(studio, { name: 'Rita' })
  guest = await seedUser(studio, { name: 'Guest' })
})
afterAll(() => studio.dispose())
beforeEach(async () => {
  const project = await seedProject(studio, {
    members: [
      { user: ada, role: 'annotator' },
      { user: bo, role: 'annotator' },
      { user: rita, role: 'reviewer' },
      { user: guest, role: 'viewer' },
    ],
  })
  projectId = ProjectId.parse(project.id)
  images = await seedRows(studio, projectId, 6)
})

const filter = (part: Partial<ImageFilter>) => ImageFilter.parse(part)
const ids = (...people: Viewer[]) => people.map(({ id }) => UserId.parse(id))
const statusOf = async (imageId: ImageId) =>
  (await studio.db.image.findUniqueOrThrow({ where: { id: imageId }, select: { status: true } })).status

/** Annotates with one box; returns the revision. */
async function annotate(who: Viewer, imageId: ImageId): Promise<number> {
  const valve = anExpression({ text: 'valve' })
  const changes = creationOf({ expressions: [valve], boxes: [aBox([valve])] })
  return (await studio.as(who).annotations.save({ imageId, operationId: randomUUID(), changes })).revision
}

async function finish(who: Viewer, imageId: ImageId): Promise<number> {
  const revision = await annotate(who, imageId)
  await studio.as(who).annotations.markDone({ imageId, done: true })
  return revision
}

const accept = (imageId: ImageId, revision: number, by = rita) =>
  studio.as(by).reviews.judge({ verdict: 'accepted', imageId, revision })
const giveBack = (imageId: ImageId, revision: number, comment: string, by = rita) =>
  studio.as(by).reviews.judge({ verdict: 'returned', imageId, revision, comment })

describe('a status', () => {
  it('goes from new to in work with the first saved change', async () => {
    await annotate(ada, image())
    expect(await statusOf(image())).toBe('in_work')
  })

  it('is not set to accepted by an annotator, nor taken back from it', async () => {
    await finish(ada, image())
    const { setStatus } = studio.as(ada).images
    expect(await setStatus({ projectId, imageIds: images, status: 'accepted' })).toEqual({ images: 0 })
    await accept(image(), 1)
    expect(await setStatus({ projectId, imageIds: images, status: 'in_work' })).toEqual({ images: 5 })
    expect(await statusOf(image())).toBe('accepted')
  })

  it('asks for a new verdict when something accepted is changed', async () => {
    const revision = await finish(ada, image())
    await accept(image(), revision)
    const negative = creationOf({ expressions: [anExpression({ text: 'pump' })], boxes: [] })
    const saved = await studio
      .as(bo)
      .annotations.save({ imageId: image(), operationId: randomUUID(), changes: negative })
    expect(saved.status).toBe('done')
  })
})

describe('a verdict', () => {
  it('is given by reviewers only', async () => {
    const revision = await finish(ada, image())
    await expect(accept(image(), revision, bo)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await accept(image(), revision)
    expect(await statusOf(image())).toBe('accepted')
  })

  it('that returns carries its reason to whoever opens the image, until it is accepted', async () => {
    const revision = await finish(ada, image())
    await giveBack(image(), revision, 'The valve on the left is missing.')
    const [thread] = await studio.as(ada).comments.list({ imageId: image() })
    expect(thread).toMatchObject({
      kind: 'return',
      resolvedAt: null,
      comments: [{ text: 'The valve on the left is missing.', author: { name: 'Rita' } }],
    })
    await studio.as(ada).annotations.markDone({ imageId: image(), done: true })
    await accept(image(), revision)
    const [settled] = await studio.as(ada).comments.list({ imageId: image() })
    expect(settled).toMatchObject({ resolvedBy: 'Rita' })
  })

  it('is refused on what has changed since the reviewer looked', async () => {
    const seen = await finish(ada, image())
    await studio.as(bo).annotations.save({
      imageId: image(),
      operationId: randomUUID(),
      changes: creationOf({ expressions: [anExpression({ text: 'pump' })], boxes: [] }),
    })
    await expect(accept(image(), seen)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await statusOf(image())).toBe('done')
  })

  it('does not return what nobody has begun', async () => {
    await expect(giveBack(image(), 0, 'Why is it empty?')).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    })
  })
})

describe('assigning', () => {
  const assign = (people: Viewer[], part: Partial<ImageFilter> = {}) =>
    studio.as(rita).images.assign({ projectId, images: { filter: filter(part) }, userIds: ids(...people) })
  const list = async (who: Viewer, part: Partial<ImageFilter>) =>
    (await studio.as(who).images.list({ projectId, filter: filter(part) })).images.map(({ id }) => id)

  it('a filter to two people gives each a run of neighbours', async () => {
    expect(await assign([ada, bo])).toEqual({ images: 6 })
    expect(await list(ada, { assignee: 'me' })).toEqual(images.slice(0, 3))
    expect(await list(ada, { assignee: 'Bo' })).toEqual(images.slice(3))
  })

  it('what nobody has leaves out what somebody has, also while it is being dealt', async () => {
    await studio
      .as(rita)
      .images.assign({ projectId, images: { imageIds: images.slice(0, 2) }, userIds: ids(ada) })
    expect(await assign([bo, rita], { assignee: 'none' })).toEqual({ images: 4 })
    expect(await list(ada, { assignee: 'me' })).toEqual(images.slice(0, 2))
    expect(await list(rita, { assignee: 'me' })).toEqual(images.slice(4))
  })

  it('nobody frees the images', async () => {
    await assign([ada])
    await assign([])
    expect(await list(ada, { assignee: 'none' })).toEqual(images)
  })

  it('is refused to annotators, and for people who do not annotate', async () => {
    await expect(
      studio.as(ada).images.assign({ projectId, images: { imageIds: images }, userIds: ids(ada) }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(assign([guest])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('ends when the person leaves the project', async () => {
    const boss = await seedUser(studio, { name: 'Boss' })
    await studio.db.member.create({ data: { projectId, userId: boss.id, role: 'manager' } })
    await assign([ada])
    await studio.as(boss).members.remove({ projectId, userId: UserId.parse(ada.id) })
    expect(await list(bo, { assignee: 'none' })).toEqual(images)
  })

  it('leads each person to the next unfinished image of theirs, round the end of the list', async () => {
    await assign([ada, bo])
    const next = (who: Viewer, imageId: ImageId) =>
      studio.as(who).images.place({ imageId, wanted: 'unfinished' })
    await finish(ada, images[1] as ImageId)
    expect((await next(ada, image())).wantedId).toBe(images[2])
    expect((await next(ada, images[2] as ImageId)).wantedId).toBe(images[0])
    expect((await next(bo, image())).wantedId).toBe(images[3])
  })

  it('leads a reviewer through what is done, within the filter', async () => {
    for (const at of [1, 2, 4]) await finish(ada, images[at] as ImageId)
    await assign([bo], { status: 'new' })
    const place = (part: Partial<ImageFilter>) =>
      studio.as(rita).images.place({ imageId: image(), wanted: 'toReview', filter: filter(part) })
    expect((await place({})).wantedId).toBe(images[1])
    expect((await place({ name: 'picture 4' })).wantedId).toBe(images[4])
    expect((await place({ assignee: 'Bo' })).wantedId).toBeNull()
  })
})

describe('comments', () => {
  const start = (who: Viewer, text: string, point: { x: number; y: number } | null = null) =>
    studio.as(who).comments.start({ imageId: image(), point, text })
  const threads = () => studio.as(guest).comments.list({ imageId: image() })

  it('are pinned to a point, answered and resolved', async () => {
    const { id } = await start(ada, 'Is this a valve?', { x: 12.5, y: 30 })
    const threadId = CommentId.parse(id)
    await studio.as(rita).comments.answer({ imageId: image(), threadId, text: 'Yes.' })
    await studio.as(rita).comments.resolve({ imageId: image(), threadId, resolved: true })
    expect(await threads()).toMatchObject([
      {
        kind: 'remark',
        point: { x: 12.5, y: 30 },
        resolvedBy: 'Rita',
        comments: [{ text: 'Is this a valve?' }, { text: 'Yes.', author: { name: 'Rita' } }],
      },
    ])
  })

  it('are counted on the card of the image and found by the filter while they are open', async () => {
    const { id } = await start(ada, 'Blurred')
    const card = async (part: Partial<ImageFilter>) =>
      (await studio.as(guest).images.list({ projectId, filter: filter(part) })).images[0]
    expect(await card({ comments: 'open' })).toMatchObject({ id: image(), openComments: 1 })
    await studio.as(ada).comments.resolve({ imageId: image(), threadId: CommentId.parse(id), resolved: true })
    expect(await card({ comments: 'open' })).toBeUndefined()
    expect(await card({ comments: 'any' })).toMatchObject({ id: image(), openComments: 0 })
  })

  it('outside of the picture are refused', async () => {
    await expect(start(ada, 'Here', { x: 5000, y: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('are deleted by who wrote them, as long as nobody else has answered', async () => {
    const commentId = CommentId.parse((await start(ada, 'A slip')).id)
    const remove = (who: Viewer) => studio.as(who).comments.delete({ imageId: image(), commentId })
    await expect(remove(bo)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await studio.as(bo).comments.answer({ imageId: image(), threadId: commentId, text: 'Really?' })
    await expect(remove(ada)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
    const other = CommentId.parse((await start(ada, 'Another slip')).id)
    await studio.as(ada).comments.delete({ imageId: image(), commentId: other })
    expect(await threads()).toHaveLength(1)
  })

  it('of another image are out of reach', async () => {
    const threadId = CommentId.parse((await start(ada, 'Here')).id)
    await expect(
      studio.as(ada).comments.answer({ imageId: images[1] as ImageId, threadId, text: 'There' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('statistics', () => {
  it('count what each person did and how it was judged', async () => {
    const [first, second, third] = images as [ImageId, ImageId, ImageId]
    await accept(first, await finish(ada, first))
    await giveBack(second, await finish(ada, second), 'Tighter, please.')
    await accept(third, await finish(bo, third))
    const people = await studio.as(rita).team.statistics({ projectId })
    expect(people.map(({ name }) => name)).toEqual(['Ada', 'Bo', 'Guest', 'Rita'])
    expect(people[0]).toMatchObject({ images: 2, boxes: 2, accepted: 1, returned: 1, judged: 0 })
    expect(people[1]).toMatchObject({ images: 1, boxes: 1, accepted: 1, returned: 0 })
    expect(people[3]).toMatchObject({ images: 0, judged: 3, firstAt: null })
  })

  it('count a box once that was deleted and brought back', async () => {
    const valve = anExpression({ text: 'valve' })
    const box = aBox([valve])
    const made = creationOf({ expressions: [valve], boxes: [box] })
    const gone = [{ type: 'box' as const, id: box.id, before: box, after: null }]
    const back = [{ type: 'box' as const, id: box.id, before: null, after: box }]
    for (const changes of [made, gone, back]) {
      await studio
        .as(ada)
        .annotations.save({ imageId: image(), operationId: randomUUID(), changes: [...changes] })
    }
    expect(await studio.as(ada).team.statistics({ projectId })).toMatchObject([{ name: 'Ada', boxes: 1 }])
  })

  it('measure the time between changes without the breaks', async () => {
    await annotate(ada, image())
    const minutes = [0, 1, 3, 60, 61]
    await studio.db.revision.deleteMany({ where: { image: { projectId } } })
    for (const [place, minute] of minutes.entries()) {
      await studio.db.revision.create({
        data: {
          id: randomUUID(),
          imageId: image(),
          number: place + 1,
          authorId: ada.id,
          origin: 'editor',
          operationId: randomUUID(),
          changes: [],
          createdAt: new Date(Date.UTC(2026, 0, 5, 9, minute)),
        },
      })
    }
    const [person] = await studio.as(ada).team.statistics({ projectId })
    expect(person).toMatchObject({
      activeSeconds: 4 * 60,
      firstAt: new Date('2026-01-05T09:00:00Z'),
      lastAt: new Date('2026-01-05T10:01:00Z'),
    })
  })

  it('show an annotator nobody else', async () => {
    await finish(bo, image())
    const people = await studio.as(ada).team.statistics({ projectId })
    expect(people.map(({ name }) => name)).toEqual(['Ada'])
  })
})

describe('a second opinion', () => {
  const ask = async (count: number) => {
    await studio.db.member.updateMany({ where: { projectId, userId: rita.id }, data: { role: 'manager' } })
    return studio.as(rita).team.askSecondOpinion({
      projectId,
      name: 'Again by Bo',
      images: { filter: filter({}) },
      count,
      userId: UserId.parse(bo.id),
    })
  }

  it('is a project with the same pictures and none of the boxes', async () => {
    await finish(ada, image())
    const second = await ask(6)
    const copies = await studio.as(bo).images.list({ projectId: ProjectId.parse(second.projectId) })
    expect(copies.images).toHaveLength(6)
    expect(copies.images[0]).toMatchObject({ boxCount: 0, status: 'new', assignee: 'Bo' })
    await expect(
      studio.as(ada).images.list({ projectId: ProjectId.parse(second.projectId) }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([1, 2, 3, 4, 5, 6, 60])('of %i images takes them from all over the list', async (count) => {
    const second = await ask(count)
    const expected = Math.min(count, 6)
    const { images: copies } = await studio
      .as(bo)
      .images.list({ projectId: ProjectId.parse(second.projectId) })
    expect(copies).toHaveLength(expected)
    expect(second.images).toBe(expected)
    const places = copies.map(({ fileName }) => Number(/\d+/.exec(fileName)?.[0]))
    expect(places).toEqual(Array.from({ length: expected }, (_, place) => Math.ceil((place * 6) / expected)))
  })

  it('is compared with the first one, image by image, once both are done', async () => {
    const [first, second] = images as [ImageId, ImageId]
    await finish(ada, first)
    await finish(ada, second)
    const { projectId: copyId } = await ask(6)
    const { images: copies } = await studio.as(bo).images.list({ projectId: ProjectId.parse(copyId) })
    await finish(bo, copies[0]?.id as ImageId)
    await studio.as(bo).annotations.markDone({ imageId: copies[1]?.id as ImageId, done: true })
    const [opinion] = await studio.as(rita).team.secondOpinions({ projectId })
    expect(opinion).toMatchObject({
      name: 'Again by Bo',
      people: ['Bo'],
      images: 6,
      compared: 2,
      agreement: { labels: [{ text: 'valve', first: 2, second: 1, pairs: 1, meanIou: 1 }] },
      worst: [{ imageId: second, agreement: 0 }],
    })
  })
})
