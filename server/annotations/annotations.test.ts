import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aBox, anExpression, creationOf } from '../../prisma/seed/annotations.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { AnnotationChange, Box, Expression } from '../contracts/annotation.ts'
import type { ImageId, ProjectId } from '../contracts/ids.ts'
import { newId } from '../db/ids.ts'
import { isStudioError } from '../errors.ts'
import { readDocuments } from './records.ts'

let studio: TestStudio
let ada: Viewer
let projectId: ProjectId
let imageId: ImageId

beforeAll(async () => {
  studio = await testStudio()
  ada = await seedUser(studio)
})
afterAll(() => studio.dispose())
beforeEach(async () => {
  const project = await seedProject(studio, { members: [{ user: ada, role: 'annotator' }] })
  projectId = project.id as ProjectId
  imageId = await seedPicture(0)
})

/** Only the row: nothing here looks at pixels. */
async function seedPicture(position: number): Promise<ImageId> {
  const id = newId('img') as ImageId
  await studio.db.image.create({
    data: {
      id,
      projectId,
      sha256: randomUUID(),
      fileName: `${position}.png`,
      mediaType: 'image/png',
      bytes: 1,
      width: 1000,
      height: 500,
      baking: {},
      origin: 'upload',
      position,
    },
  })
  return id
}

const annotations = () => studio.as(ada).annotations
const save = (changes: AnnotationChange[], operationId: string = randomUUID(), image = imageId) =>
  annotations().save({ imageId: image, operationId, changes })
const changeBox = (before: Box | null, after: Box | null): AnnotationChange => ({
  type: 'box',
  id: (before ?? after ?? never()).id,
  before,
  after,
})
const changeExpression = (before: Expression | null, after: Expression | null): AnnotationChange => ({
  type: 'expression',
  id: (before ?? after ?? never()).id,
  before,
  after,
})
function never(): never {
  throw new Error('a change needs a before or an after')
}
const document = async () => (await annotations().open({ imageId })).document

/** The studio's own error behind what a procedure threw. */
async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string; details: unknown }> {
  const error: unknown = await work.then(
    () => never(),
    (thrown) => thrown,
  )
  const cause = error instanceof Error ? error.cause : undefined
  if (isStudioError(cause)) return cause
  throw error
}

describe('saving annotations', () => {
  const dog = anExpression({ text: 'dog' })
  const valve = anExpression({ text: 'the red valve on the left', kind: 'phrase' })

  it('gives back what was saved, in order of annotation, with the image in work', async () => {
    const [first, second] = [
      aBox([dog, valve]),
      aBox([dog], { x: 0.1, y: 0.25, width: 999.9, height: 499.75 }),
    ]
    const records = fresh({ expressions: [dog, valve], boxes: [first, second] })
    const saved = await save(creationOf(records))
    expect(saved).toEqual({ revision: 1, number: 1, status: 'in_work', adjusted: [] })
    expect(await document()).toEqual(records)
  })

  it('changes nothing when the same operation arrives twice', async () => {
    const records = fresh({ expressions: [dog], boxes: [aBox([dog])] })
    const operation = randomUUID()
    await save(creationOf(records), operation)
    const again = await save(creationOf(records), operation)
    expect(again.revision).toBe(1)
    expect(await document()).toEqual(records)
  })

  it('appends one revision a batch, with author and what it did', async () => {
    const records = fresh({ expressions: [dog], boxes: [aBox([dog])] })
    const [box] = records.boxes as [Box]
    await save(creationOf(records))
    await save([changeBox(box, { ...box, x: 20 })])
    await save([changeBox({ ...box, x: 20 }, null)])
    const history = await annotations().history({ imageId })
    expect(history.map(({ number, author, counts }) => [number, author?.name, counts])).toEqual([
      [3, ada.name, { created: 0, changed: 0, deleted: 1 }],
      [2, ada.name, { created: 0, changed: 1, deleted: 0 }],
      [1, ada.name, { created: 2, changed: 0, deleted: 0 }],
    ])
    expect((await annotations().history({ imageId, before: 2 })).map((entry) => entry.number)).toEqual([1])
  })

  it('lets two tabs change different boxes of one image', async () => {
    const records = fresh({ expressions: [dog], boxes: [aBox([dog]), aBox([dog])] })
    const [left, right] = records.boxes as [Box, Box]
    await save(creationOf(records))
    await Promise.all([
      save([changeBox(left, { ...left, x: 1 })]),
      save([changeBox(right, { ...right, x: 2 })]),
    ])
    const now = await document()
    expect(now.boxes.map((box) => box.x)).toEqual([1, 2])
    expect((await annotations().open({ imageId })).image.revision).toBe(3)
  })

  it('refuses the second of two tabs that moved the same box, shows both sides, and applies nothing of it', async () => {
    const records = fresh({ expressions: [dog], boxes: [aBox([dog]), aBox([dog])] })
    const [box, other] = records.boxes as [Box, Box]
    await save(creationOf(records))
    await save([changeBox(box, { ...box, x: 1 })])
    const error = await refusal(
      save([changeBox(other, { ...other, x: 7 }), changeBox(box, { ...box, x: 2 })]),
    )
    expect(error.code).toBe('CONFLICT')
    expect(error.details).toEqual([
      { type: 'box', id: box.id, mine: { ...box, x: 2 }, theirs: { ...box, x: 1 } },
    ])
    expect((await document()).boxes.map(({ x }) => x)).toEqual([1, other.x])
  })

  it('takes a change that someone else made already as done', async () => {
    const records = fresh({ expressions: [dog], boxes: [aBox([dog])] })
    const [box] = records.boxes as [Box]
    await save(creationOf(records))
    await save([changeBox(box, null)])
    expect(await save([changeBox(box, null)])).toEqual({
      ...{ revision: 2, number: null, status: 'in_work' },
      adjusted: [],
    })
  })

  it('does not mind the order of keys, attributes and expression ids in what a client sends', async () => {
    const records = fresh({
      expressions: [dog, valve],
      boxes: [aBox([dog, valve], { attributes: { occluded: true, count: 2 } })],
    })
    const [box] = records.boxes as [Box]
    await save(creationOf(records))
    const shuffled = {
      ...Object.fromEntries(Object.entries(box).reverse()),
      attributes: { count: 2, occluded: true },
      expressionIds: box.expressionIds.toReversed(),
    } as unknown as Box
    await save([changeBox(shuffled, { ...box, x: 3 })])
    expect((await document()).boxes[0]?.x).toBe(3)
  })

  it('asks when an expression is deleted that someone else has just given a box', async () => {
    const records = fresh({ expressions: [dog], boxes: [] })
    const [expression] = records.expressions as [Expression]
    await save(creationOf(records))
    const theirs = aBox([expression])
    await save([changeBox(null, theirs)])
    const error = await refusal(save([changeExpression(expression, null)]))
    expect(error).toMatchObject({
      code: 'CONFLICT',
      details: [{ type: 'box', id: theirs.id, mine: null, theirs }],
    })
    expect(await document()).toEqual({ expressions: [expression], boxes: [theirs] })
  })

  it('asks when a box names an expression that someone else has deleted', async () => {
    const records = fresh({ expressions: [dog], boxes: [] })
    const [expression] = records.expressions as [Expression]
    await save(creationOf(records))
    await save([changeExpression(expression, null)])
    const error = await refusal(save([changeBox(null, aBox([expression]))]))
    expect(error).toMatchObject({ code: 'CONFLICT', details: [{ type: 'expression', id: expression.id }] })
  })

  it('deletes an expression together with its boxes in one batch, whatever their order', async () => {
    const records = fresh({ expressions: [dog, valve], boxes: [aBox([dog]), aBox([valve])] })
    const [expression, kept] = records.expressions as [Expression, Expression]
    const [box, keptBox] = records.boxes as [Box, Box]
    await save(creationOf(records))
    await save([changeExpression(expression, null), changeBox(box, null)])
    expect(await document()).toEqual({ expressions: [kept], boxes: [keptBox] })
  })

  it('keeps the answers of a box when its expression is renamed', async () => {
    const records = fresh({ expressions: [dog], boxes: [aBox([dog])] })
    const [expression] = records.expressions as [Expression]
    await save(creationOf(records))
    const renamed = { ...expression, text: 'puppy' }
    await save([changeExpression(expression, renamed)])
    expect(await document()).toEqual({ expressions: [renamed], boxes: records.boxes })
  })

  it('refuses one text twice on an image: at once in a batch, by asking when the other came from elsewhere', async () => {
    const [one, two] = [anExpression({ text: 'twin' }), anExpression({ text: 'twin' })]
    expect(await refusal(save([changeExpression(null, one), changeExpression(null, two)]))).toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('“twin” stands twice'),
    })
    await save([changeExpression(null, one)])
    expect(await refusal(save([changeExpression(null, two)]))).toMatchObject({
      code: 'CONFLICT',
      details: [{ type: 'expression', id: two.id, mine: two, theirs: one }],
    })
  })

  it.each<[string, Partial<Box>, RegExp]>([
    ['outside the image', { x: 1000, width: 5 }, /b_odd.*lies outside the image of 1000 × 500/],
    ['sticking out of the image', { x: 990, width: 20 }, /b_odd.*sticks out/],
    [
      'too small to survive rounding',
      { x: 10.1, width: 0.3 },
      /b_odd.*width would vanish.*at least 2\.0 pixels/,
    ],
  ])('refuses a box %s and names it', async (_, odd, message) => {
    const expression = anExpression()
    const error = await refusal(
      save(creationOf({ expressions: [expression], boxes: [aBox([expression], { id: 'b_odd', ...odd })] })),
    )
    expect(error.code).toBe('BAD_REQUEST')
    expect(error.message).toMatch(message)
    expect(await document()).toEqual({ expressions: [], boxes: [] })
  })

  it.each(['', '   ', 'a <box>', '</ref>', 'two\nlines', 'tab\there', 'x'.repeat(501)])(
    'refuses the expression %j at the door',
    async (text) => {
      await expect(save([changeExpression(null, anExpression({ text }))])).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    },
  )

  it.each(['the "big" one', "it's 100 % {}", '红色的阀门', '🐈 on the sofa'])(
    'takes the phrase %j as it is',
    async (text) => {
      const expression = anExpression({ text, kind: 'phrase' })
      await save([changeExpression(null, expression)])
      expect((await document()).expressions).toEqual([expression])
    },
  )

  it('refuses records of another image', async () => {
    const records = fresh({ expressions: [dog], boxes: [aBox([dog])] })
    const [box] = records.boxes as [Box]
    await save(creationOf(records))
    const other = await seedPicture(1)
    expect(await refusal(save([changeBox(box, null)], randomUUID(), other))).toMatchObject({
      code: 'BAD_REQUEST',
    })
    expect(await document()).toEqual(records)
  })

  it('saves a batch of two thousand boxes and one that moves them all', async () => {
    const [expression] = fresh({ expressions: [dog], boxes: [] }).expressions as [Expression]
    const boxes = Array.from({ length: 2_000 }, (_, n) => aBox([expression], { x: n / 4 }))
    await save(creationOf({ expressions: [expression], boxes }))
    await save(boxes.map((box) => changeBox(box, { ...box, x: box.x + 1 })))
    expect((await document()).boxes.map(({ x }) => x)).toEqual(boxes.map(({ x }) => x + 1))
  })
})

describe('labels', () => {
  it('grow with every class that is named for the first time, never with phrases', async () => {
    await save([changeExpression(null, anExpression({ text: 'dog' }))])
    await save([
      changeExpression(null, anExpression({ text: 'cat' })),
      changeExpression(null, anExpression({ text: 'the lazy one', kind: 'phrase' })),
    ])
    const { labels } = await annotations().open({ imageId })
    expect(labels.map((label) => label.name)).toEqual(['dog', 'cat'])
    expect(new Set(labels.map((label) => label.colour)).size).toBe(2)
  })
})

describe('opening an image', () => {
  it('gives the records exactly as they were saved, in their order', async () => {
    const [dog, cat] = [anExpression({ text: 'dog' }), anExpression({ text: 'cat "b" 猫' })]
    const boxes = [
      aBox([dog, cat], {
        x: 0.1 + 0.2,
        y: 1 / 3,
        width: 123.45,
        height: 100 / 7,
        attributes: { 'is "it"': true, n: 0.1 },
      }),
      aBox([cat], { x: 7, origin: { by: 'import', source: 'an\\other.json' } }),
    ].map((box) => ({ ...box, expressionIds: box.expressionIds.toSorted() }))
    await save(creationOf({ expressions: [dog, cat], boxes: boxes.toReversed() }))
    expect(await document()).toEqual({ expressions: [dog, cat], boxes })
    const several = await readDocuments(studio.db, [imageId])
    expect(several.get(imageId)).toEqual(await document())
  })

  it('tells a viewer that nothing can be changed, and refuses when they try', async () => {
    const guest = await seedUser(studio)
    await studio.db.member.create({ data: { projectId, userId: guest.id, role: 'viewer' } })
    const asGuest = studio.as(guest).annotations
    expect((await asGuest.open({ imageId })).mayWrite).toBe(false)
    const batch = { imageId, operationId: randomUUID(), changes: [changeExpression(null, anExpression())] }
    await expect(asGuest.save(batch)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(asGuest.markDone({ imageId, done: true })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('does not tell strangers that it exists', async () => {
    const stranger = await seedUser(studio)
    await expect(studio.as(stranger).annotations.open({ imageId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(studio.as(null).annotations.open({ imageId })).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    })
  })
})

describe('comparing revisions', () => {
  const dog = anExpression({ text: 'dog' })

  it('tells of each record only how it was before and how it ended', async () => {
    const { expressions, boxes } = fresh({ expressions: [dog], boxes: [aBox([dog])] })
    const [box] = boxes as [Box]
    const moved = { ...box, x: 60 }
    await save(creationOf({ expressions, boxes }))
    await save([changeBox(box, { ...box, x: 30 })])
    await save([changeBox({ ...box, x: 30 }, moved)])
    expect(await annotations().changes({ imageId, from: 1, to: 3 })).toEqual({
      to: 3,
      changes: [changeBox(box, moved)],
    })
    expect((await annotations().changes({ imageId, from: 0, to: 1 })).changes).toHaveLength(2)
  })

  it('leaves out what was changed and changed back', async () => {
    const { expressions, boxes } = fresh({ expressions: [dog], boxes: [aBox([dog])] })
    const [box] = boxes as [Box]
    await save(creationOf({ expressions, boxes }))
    await save([changeBox(box, null)])
    await save([changeBox(null, box)])
    expect((await annotations().changes({ imageId, from: 1, to: null })).changes).toEqual([])
  })

  it('gives what leads back to any state, however the image was changed since', async () => {
    const states = [await document()]
    const records = fresh({ expressions: [dog], boxes: [aBox([dog]), aBox([dog], { x: 300 })] })
    const [first, second] = records.boxes as [Box, Box]
    const added = aBox(records.expressions, { x: 500 })
    for (const batch of [
      creationOf(records),
      [changeBox(first, { ...first, width: 50 }), changeBox(second, null)],
      [changeBox(null, added)],
      [changeBox(added, { ...added, y: 200 })],
    ]) {
      await save(batch)
      states.push(await document())
    }
    for (const [number, state] of states.slice(0, -1).entries()) {
      const { changes } = await annotations().changes({ imageId, from: number, to: null })
      await save(
        changes
          .toReversed()
          .map((change) => ({ ...change, before: change.after, after: change.before }) as AnnotationChange),
      )
      expect(await document()).toEqual(state)
      // On to the next one from the newest state again.
      await save(changes)
    }
  })

  it('refuses numbers that are not there', async () => {
    await expect(annotations().changes({ imageId, from: 2, to: 1 })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await expect(annotations().changes({ imageId, from: 0, to: 9 })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })
})

describe('marking as done', () => {
  it('is taken back at will until a reviewer has accepted', async () => {
    expect(await annotations().markDone({ imageId, done: true })).toEqual({ status: 'done' })
    expect(await annotations().markDone({ imageId, done: false })).toEqual({ status: 'in_work' })
    await studio.db.image.update({ where: { id: imageId }, data: { status: 'accepted' } })
    await expect(annotations().markDone({ imageId, done: false })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    })
  })
})

/** The same records under new ids, so that every test has its own. */
function fresh(records: { expressions: Expression[]; boxes: Box[] }): typeof records {
  const suffix = randomUUID().slice(0, 8)
  const rename = <T extends string>(id: T) => `${id}_${suffix}` as T
  return {
    expressions: records.expressions.map((expression) => ({ ...expression, id: rename(expression.id) })),
    boxes: records.boxes.map((box) => ({
      ...box,
      id: rename(box.id),
      expressionIds: box.expressionIds.map(rename).sort(),
    })),
  }
}

describe('the note of an image', () => {
  const note = async () => (await annotations().open({ imageId })).image.note
  const set = (before: string, after: string) => annotations().setNote({ imageId, before, after })

  it('is empty at first, and what was written last', async () => {
    expect(await note()).toBe('')
    expect(await set('', 'Upside down?')).toEqual({ saved: true, note: 'Upside down?' })
    expect(await note()).toBe('Upside down?')
  })

  it('is not overwritten by someone who has not seen it', async () => {
    await set('', 'Upside down?')
    expect(await set('', 'Blurred')).toEqual({ saved: false, note: 'Upside down?' })
    expect(await note()).toBe('Upside down?')
  })

  it('may be sent twice after a lost answer', async () => {
    await set('', 'Blurred')
    expect(await set('', 'Blurred')).toEqual({ saved: true, note: 'Blurred' })
  })
})
