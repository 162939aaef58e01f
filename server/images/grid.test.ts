import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aBox, anExpression, seedAnnotations } from '../../prisma/seed/annotations.ts'
import { seedImage } from '../../prisma/seed/images.ts'
import { seedManyImages } from '../../prisma/seed/many-images.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRows } from '../../prisma/seed/rows.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { ImageId, ProjectId, UserId } from '../contracts/ids.ts'
import { type FilterParts, type ImageFilter, ImageStatus, MOST_CARDS, Split } from '../contracts/image.ts'
import { readPositions, writePositions } from '../contracts/image-positions.ts'
import { UNFINISHED } from '../contracts/image-status.ts'

const COUNT = 400
let studio: TestStudio
let anna: Viewer
let bo: Viewer
let projectId: ProjectId

/** Everything about the images of the project, read without the rules that are tested. */
let facts: Awaited<ReturnType<typeof readFacts>>

beforeAll(async () => {
  studio = await testStudio()
  anna = await seedUser(studio, { name: 'Anna' })
  bo = await seedUser(studio, { name: 'Bo', email: 'bo@example.org' })
  projectId = await project()
  await seedManyImages(studio, projectId, { count: COUNT, people: [anna, bo] })
  await suggestOnSome()
  // Another project beside it, whose images must never be in an answer.
  await seedManyImages(studio, await project(), { count: 20, people: [anna, bo], seed: 2 })
  facts = await readFacts()
})
afterAll(() => studio.dispose())

async function project(): Promise<ProjectId> {
  const members = [
    { user: anna, role: 'manager' as const },
    { user: bo, role: 'annotator' as const },
  ]
  return ProjectId.parse((await seedProject(studio, { members })).id)
}

/** Every seventh image has a suggestion; of three in turn one is open, one rejected, one accepted as a box that is there. */
async function suggestOnSome(): Promise<void> {
  const images = await studio.db.image.findMany({
    where: { projectId, boxes: { some: {} } },
    orderBy: { position: 'asc' },
    select: { id: true, boxes: { select: { id: true }, take: 1 } },
  })
  await studio.db.suggestion.createMany({
    data: images
      .filter((_, place) => place % 7 === 0)
      .map(({ id, boxes }, place) => ({
        id: `sg_${place}`,
        imageId: id,
        boxId: place % 3 === 2 ? (boxes[0]?.id ?? '') : `b_suggested_${place}`,
        kind: 'class',
        text: 'process',
        box: [0, 0, 500, 500],
        model: 'base:nano',
        modelName: 'RefBox-Nano',
        state: place % 3 === 1 ? 'rejected' : 'open',
      })),
  })
}

function readFacts() {
  return studio.db.image.findMany({
    where: { projectId },
    orderBy: { position: 'asc' },
    include: { expressions: true, boxes: true, comments: true, revisions: true, suggestions: true },
  })
}

async function listed(filter: Partial<ImageFilter>, of = projectId): Promise<number[]> {
  const { positions } = await studio.as(anna).images.positions({ projectId: of, filter })
  return [...readPositions(positions)]
}

async function namesAt(positions: readonly number[], of = projectId): Promise<string[]> {
  const { images } = await studio
    .as(anna)
    .images.cards({ projectId: of, positions: writePositions(positions) })
  return images.map(({ fileName }) => fileName)
}

type Facts = (typeof facts)[number]

/** What the parts mean, said a second time and in the plainest way. */
function matches(image: Facts, parts: FilterParts): Record<keyof FilterParts, boolean> {
  const { text, expression, status, split, assignee, by, comments } = parts
  const boxIds = new Set(image.boxes.map(({ id }) => id))
  const people: Record<string, string> = { me: anna.id, Anna: anna.id, bo: bo.id, 'bo@example.org': bo.id }
  const authors = image.revisions.flatMap(({ authorId }) => authorId ?? [])
  const isUnfinished = UNFINISHED.some((open) => open === image.status)
  const isOpen = image.comments.some(({ resolvedAt }) => resolvedAt === null)
  return {
    text: image.expressions.some((entry) => entry.text.includes(text)),
    expression: image.expressions.some((entry) => entry.text === expression),
    status: status === 'unfinished' ? isUnfinished : image.status === status,
    split: image.split === (split === 'none' ? null : split),
    assignee: assignee === 'none' ? image.assigneeId === null : image.assigneeId === people[assignee],
    by: by === 'none' ? authors.length === 0 : authors.includes(people[by] ?? ''),
    comments: comments === 'any' ? image.comments.length > 0 : isOpen,
    suggestions: image.suggestions.some(({ state, boxId }) => state === 'open' && !boxIds.has(boxId)),
  }
}

function expected(filter: ImageFilter): number[] {
  const keys = Object.keys(filter.not) as (keyof FilterParts)[]
  return facts
    .filter((image) => {
      const [asked, ruledOut] = [matches(image, filter), matches(image, filter.not)]
      return (
        image.fileName.includes(filter.name) &&
        image.boxes.length >= (filter.minBoxes ?? 0) &&
        image.boxes.length <= (filter.maxBoxes ?? Number.POSITIVE_INFINITY) &&
        keys.every((key) => !filter[key] || asked[key]) &&
        keys.every((key) => !filter.not[key] || !ruledOut[key])
      )
    })
    .map(({ position }) => position)
}

const sometimes = <T>(none: T, ...values: T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(none) }, fc.constantFrom(...values))
const parts = {
  text: sometimes('', 'valve', 'red', 'proc', '%'),
  expression: sometimes('', 'process', 'decision', 'nothing like it'),
  status: sometimes<ImageStatus | 'unfinished' | null>(null, ...ImageStatus.options, 'unfinished'),
  split: sometimes<Split | 'none' | null>(null, ...Split.options, 'none'),
  assignee: sometimes('', 'me', 'none', 'bo', 'Anna', 'stranger'),
  by: sometimes('', 'me', 'none', 'bo@example.org', 'stranger'),
  comments: sometimes<'open' | 'any' | null>(null, 'open', 'any'),
  suggestions: sometimes<'open' | null>(null, 'open'),
}
const filters: fc.Arbitrary<ImageFilter> = fc.record({
  ...parts,
  name: sometimes('', '_0001', 'frame'),
  minBoxes: sometimes<number | null>(null, 1, 4),
  maxBoxes: sometimes<number | null>(null, 0, 6, 50),
  // Has answers of its own to look at, in weak-answers.test.ts.
  iouBelow: fc.constant(null),
  not: fc.record(parts),
})

test('a filter lists exactly the images that match, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      expect(await listed(filter)).toEqual(expected(filter))
    }),
    { numRuns: 150 },
  )
})

test('the place of an image is where it stands in that list, and its neighbours are those beside it', async () => {
  await fc.assert(
    fc.asyncProperty(filters, fc.nat(COUNT - 1), async (filter, index) => {
      const image = facts[index]
      if (!image) throw new Error('no image')
      const list = expected(filter)
      const before = list.filter((position) => position < image.position)
      const after = list.filter((position) => position > image.position)
      const idOf = (position: number | undefined) =>
        facts.find((other) => other.position === position)?.id ?? null
      const place = await studio.as(anna).images.place({ imageId: ImageId.parse(image.id), filter })
      expect(place).toEqual({
        number: before.length + 1,
        total: list.length,
        previousId: idOf(before.at(-1)),
        nextId: idOf(after[0]),
        wantedId: idOf(after[0]),
      })
    }),
    { numRuns: 60 },
  )
})

test('counts of classes and phrases are those of the images, before and after something changed', async () => {
  const own = await project()
  const ids = await seedRows(studio, own, 2_500)
  const count = async () => (await studio.as(anna).images.counts({ projectId: own })).expressions
  expect(await count()).toEqual([])
  const annotate = async (index: number, text: string, boxes: number) => {
    const expression = anExpression({ text })
    await seedAnnotations(studio, ids[index] ?? '', {
      expressions: [expression],
      boxes: Array.from({ length: boxes }, () => aBox([expression], { width: 9, height: 9 })),
    })
  }
  // In several blocks of neighbours, of which the first changes between two counts.
  await annotate(3, 'valve', 2)
  await annotate(2_400, 'valve', 1)
  await annotate(1_100, 'pump', 0)
  expect(await count()).toEqual([
    { kind: 'class', text: 'valve', images: 2, boxes: 3 },
    { kind: 'class', text: 'pump', images: 1, boxes: 0 },
  ])
  await annotate(4, 'pump', 5)
  expect((await count())[0]).toEqual({ kind: 'class', text: 'pump', images: 2, boxes: 5 })
  await studio.as(anna).images.delete({ projectId: own, positions: '4' })
  expect((await count()).map(({ text }) => text)).toEqual(['valve', 'pump'])
  await studio.as(anna).images.delete({ projectId: own, positions: '3,2400' })
  expect(await count()).toEqual([{ kind: 'class', text: 'pump', images: 1, boxes: 0 }])
})

test('pages show every image once while others delete and add', async () => {
  const own = await project()
  await seedRows(studio, own, 300)
  const list = await listed({}, own)
  const [page, deleted] = [40, new Set([10, 41, 42, 150, 299])]
  const seen: string[] = []
  for (let from = 0; from < list.length; from += page) {
    seen.push(...(await namesAt(list.slice(from, from + page), own)))
    if (from === 40) {
      await studio.as(bo).images.positions({ projectId: own })
      await studio
        .as(anna)
        .images.delete({ projectId: own, positions: writePositions([...deleted].sort((a, b) => a - b)) })
    }
    if (from === 120) await addAtEnd(own, 'added.png')
  }
  // Those before the deletion were seen already, 41 and 42 among them; what came later was not in the list.
  const gone = new Set([150, 299])
  expect(seen).toEqual(list.filter((position) => !gone.has(position)).map((n) => `picture ${n}.png`))
  const now = await listed({}, own)
  expect(now).toHaveLength(300 - deleted.size + 1)
  expect((await namesAt(now.slice(-1), own))[0]).toBe('added.png')
})

test('a position is never given to a second image', async () => {
  const own = await project()
  await addAtEnd(own, 'first.png')
  await addAtEnd(own, 'last.png')
  const [, last] = await listed({}, own)
  await studio.as(anna).images.delete({ projectId: own, positions: String(last) })
  await addAtEnd(own, 'next.png')
  expect(await namesAt([Number(last)], own)).toEqual([])
  expect(await listed({ name: 'next' }, own)).toEqual([Number(last) + 1])
})

test('what is chosen by position is changed, and nothing else', async () => {
  const own = await project()
  await seedRows(studio, own, 12)
  const images = studio.as(anna).images
  expect(await images.setStatus({ projectId: own, positions: '2-4,7', status: 'done' })).toEqual({
    images: 4,
  })
  expect(await images.setSplit({ projectId: own, positions: '7', split: 'val' })).toEqual({ images: 1 })
  expect(
    await images.assign({ projectId: own, images: { positions: '0-1,11' }, userIds: [UserId.parse(bo.id)] }),
  ).toEqual({ images: 3 })
  expect(await listed({ status: 'done' }, own)).toEqual([2, 3, 4, 7])
  expect(await listed({ split: 'val' }, own)).toEqual([7])
  expect(await listed({ assignee: 'bo' }, own)).toEqual([0, 1, 11])
  // Positions count anew in each project: those of another one are not touched.
  expect(await listed({ assignee: 'stranger' })).toEqual([])
})

test('more than a page of cards, or what are no positions, is refused', async () => {
  const cards = (positions: string) => studio.as(anna).images.cards({ projectId, positions })
  await expect(cards(`1-${MOST_CARDS + 1}`)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(cards('1-')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect((await cards('')).images).toEqual([])
})

/** Through the ingest's own rule, which gives positions. */
async function addAtEnd(of: ProjectId, fileName: string): Promise<void> {
  await seedImage(studio, of, { fileName })
}
