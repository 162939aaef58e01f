import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aBox, anExpression, creationOf, seedAnnotations } from '../../prisma/seed/annotations.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRows } from '../../prisma/seed/rows.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { AnnotationChange, AnnotationDocument, Box, Expression } from '../contracts/annotation.ts'
import { BulkEditId, type ImageId, LabelId, ProjectId } from '../contracts/ids.ts'
import { isStudioError } from '../errors.ts'
import { runBulkEdits } from './run-edits.ts'

let studio: TestStudio
let boss: Viewer
let ada: Viewer
let projectId: ProjectId

beforeAll(async () => {
  studio = await testStudio()
  boss = await seedUser(studio, { name: 'Boss' })
  ada = await seedUser(studio)
})
afterAll(() => studio.dispose())
beforeEach(async () => {
  const members = [
    { user: boss, role: 'manager' as const },
    { user: ada, role: 'annotator' as const },
  ]
  projectId = ProjectId.parse((await seedProject(studio, { members })).id)
})

const labels = () => studio.as(boss).labels
const attributes = () => studio.as(boss).attributes
const work = () => runBulkEdits(studio.db, 'w_test')
const open = (imageId: ImageId) => studio.as(ada).annotations.open({ imageId })
const textsOf = async (imageId: ImageId) => (await open(imageId)).document.expressions.map(({ text }) => text)
const newest = async () => (await labels().edits({ projectId }))[0]
const labelId = async (name: string) => {
  const found = (await labels().list({ projectId })).find((label) => label.name === name)
  return LabelId.parse(found?.id)
}
const labelNames = async () => (await labels().list({ projectId })).map(({ name }) => name)
const undo = async (editId: string | null) => {
  const asked = await labels().undoEdit({ projectId, editId: BulkEditId.parse(editId) })
  await work()
  return asked
}
const save = (imageId: ImageId, changes: AnnotationChange[], operationId: string = randomUUID()) =>
  studio.as(ada).annotations.save({ imageId, operationId, changes })
const box = (before: Box | null, after: Box | null): AnnotationChange => ({
  ...{ type: 'box', before, after },
  id: ((before ?? after) as Box).id,
})
const expression = (before: Expression | null, after: Expression | null): AnnotationChange => ({
  ...{ type: 'expression', before, after },
  id: ((before ?? after) as Expression).id,
})

let images = 0
async function annotated(document: AnnotationDocument, position = images): Promise<ImageId> {
  images += 1
  const [id] = (await seedRows(studio, projectId, 1, position)) as [ImageId]
  await seedAnnotations(studio, id, document)
  return id
}

async function withTexts(...texts: string[]): Promise<ImageId> {
  const expressions = texts.map((text) => anExpression({ text }))
  return annotated({ expressions, boxes: expressions.map((one, place) => aBox([one], { x: place * 120 })) })
}

async function refusal(
  attempt: Promise<unknown>,
): Promise<{ code: string; message: string; details: unknown }> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown) => thrown,
  )
  const cause = error instanceof Error ? error.cause : undefined
  if (isStudioError(cause)) return cause
  throw error ?? new Error('It was not refused.')
}

describe('renaming a class', () => {
  it('renames it on every image, by one revision each with its author and its cause', async () => {
    const pictures = [await withTexts('cat', 'dog'), await withTexts('cat'), await withTexts('dog')]
    const asked = await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    expect(asked.images).toBe(2)
    expect((await labelNames()).sort()).toEqual(['dog', 'feline'])
    await work()
    expect(await Promise.all(pictures.map(textsOf))).toEqual([['feline', 'dog'], ['feline'], ['dog']])
    const [revision] = await studio.as(ada).annotations.history({ imageId: pictures[0] as ImageId })
    expect(revision).toMatchObject({ number: 2, origin: 'label', author: { name: 'Boss' } })
    expect(await newest()).toMatchObject({
      ...{ status: 'finished', done: 2, total: 2, isUndone: false, author: 'Boss' },
      subject: { kind: 'rename-label', from: 'cat', to: 'feline' },
      result: { images: 2, boxes: 0, expressions: 2, merged: 0, left: 0 },
    })
  })

  it('is no work on an image: its status and its verdict stay', async () => {
    const imageId = await withTexts('cat')
    await studio.db.image.update({ where: { id: imageId }, data: { status: 'accepted' } })
    await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    await work()
    expect((await open(imageId)).image.status).toBe('accepted')
  })

  it('is taken back as a whole; what somebody has changed since is left and listed', async () => {
    const [first, second] = [await withTexts('cat'), await withTexts('cat')]
    const { editId } = await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    await work()
    const [renamed] = (await open(second)).document.expressions as [Expression]
    await save(second, [expression(renamed, { ...renamed, text: 'tiger' })])
    await undo(editId)
    expect([await textsOf(first), await textsOf(second)]).toEqual([['cat'], ['tiger']])
    expect(await labelNames()).toContain('cat')
    expect(await newest()).toMatchObject({
      ...{ isUndo: true, status: 'finished', subject: { from: 'cat', to: 'feline' } },
      result: { images: 1, left: 1, leftNamed: [{ imageId: second }] },
    })
    expect(await refusal(labels().undoEdit({ projectId, editId: BulkEditId.parse(editId) }))).toMatchObject({
      code: 'WRONG_STATE',
    })
  })

  it('is refused when another class has the name, with the way out', async () => {
    await withTexts('cat', 'dog')
    const error = await refusal(labels().rename({ projectId, labelId: await labelId('cat'), name: 'dog' }))
    expect(error).toMatchObject({ code: 'CONFLICT', details: { labelId: await labelId('dog') } })
    expect(error.message).toContain('Merge “cat” into it')
  })

  it('goes on where a worker died, and does nothing twice', async () => {
    const pictures = []
    for (let place = 0; place < 60; place += 1) pictures.push(await withTexts('cat'))
    await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    const dying = new AbortController()
    const first = runBulkEdits(studio.db, 'w_first', dying.signal)
    dying.abort()
    await first
    await runBulkEdits(studio.db, 'w_second')
    const revisions = await studio.db.image.findMany({ where: { projectId }, select: { revision: true } })
    expect(revisions.every(({ revision }) => revision === 2)).toBe(true)
    expect(await newest()).toMatchObject({ status: 'finished', done: 60, result: { images: 60 } })
  })

  it('stops when asked, and what is done can be undone', async () => {
    const imageId = await withTexts('cat')
    const { editId } = await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    const edit = { projectId, editId: BulkEditId.parse(editId) }
    await labels().stopEdit(edit)
    await work()
    expect(await textsOf(imageId)).toEqual(['cat'])
    expect(await refusal(labels().stopEdit(edit))).toMatchObject({ code: 'WRONG_STATE' })
    await undo(editId)
    expect(await labelNames()).toEqual(['cat'])
  })

  it('leaves frozen versions as they are', async () => {
    await withTexts('cat')
    await withTexts('cat')
    const freeze = { projectId, name: '', options: { conversation: {}, validationShare: 0 } }
    const frozen = await studio.as(boss).versions.freeze(freeze)
    await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    await work()
    const versionId = frozen.id as never
    const record = await studio.as(boss).versions.record({ versionId, index: 0 })
    expect(JSON.stringify(record.frozen)).toContain('"cat"')
    expect((await studio.as(boss).versions.freeze(freeze)).hash).not.toBe(frozen.hash)
  })
})

describe('merging and deleting classes', () => {
  it('puts all boxes under the other one and keeps its colour; undo brings both back', async () => {
    const [both, only] = [await withTexts('cat', 'feline'), await withTexts('cat')]
    const before = await labels().list({ projectId })
    const states = await Promise.all([both, only].map(async (id) => (await open(id)).document))
    const { editId } = await labels().merge({
      ...{ projectId, labelId: await labelId('cat') },
      intoId: await labelId('feline'),
    })
    await work()
    expect(await labelNames()).toEqual(['feline'])
    expect([await textsOf(both), await textsOf(only)]).toEqual([['feline'], ['feline']])
    expect((await open(both)).document.boxes).toHaveLength(2)
    expect(await newest()).toMatchObject({ result: { images: 2, merged: 1 } })
    await undo(editId)
    expect(await labels().list({ projectId })).toEqual(before)
    expect(await Promise.all([both, only].map(async (id) => (await open(id)).document))).toEqual(states)
  })

  it('deletes a class that is used only when it is told what becomes of the boxes', async () => {
    const imageId = await withTexts('cat', 'dog')
    const id = await labelId('cat')
    const error = await refusal(labels().delete({ projectId, labelId: id }))
    expect(error).toMatchObject({ code: 'WRONG_STATE', details: { images: 1 } })
    const { editId } = await labels().delete({ projectId, labelId: id, boxes: { what: 'delete' } })
    await work()
    expect(await textsOf(imageId)).toEqual(['dog'])
    await undo(editId)
    expect(await textsOf(imageId)).toEqual(['cat', 'dog'])
    await labels().delete({
      ...{ projectId, labelId: id },
      boxes: { what: 'move', intoId: await labelId('dog') },
    })
    await work()
    expect(await textsOf(imageId)).toEqual(['dog'])
    expect((await open(imageId)).document.boxes).toHaveLength(2)
  })

  it('lets attributes that spoke of a class speak of what it became, and takes that back', async () => {
    await withTexts('cat', 'feline')
    const appliesTo = { to: 'labels' as const, labels: ['cat'] }
    const rule = { kind: 'checkbox' as const, appliesTo, required: false, default: null }
    await attributes().save({ projectId, id: null, name: 'asleep', rule })
    const speaksOf = async () => (await attributes().list({ projectId }))[0]?.rule.appliesTo
    const { editId } = await labels().merge({
      ...{ projectId, labelId: await labelId('cat') },
      intoId: await labelId('feline'),
    })
    expect(await speaksOf()).toEqual({ to: 'labels', labels: ['feline'] })
    await undo(editId)
    expect(await speaksOf()).toEqual(appliesTo)
  })
})

describe('an editor that is open meanwhile', () => {
  it('has its box accepted on the expression that its own was merged into, and is told so', async () => {
    const imageId = await withTexts('cat', 'feline')
    const [cat, feline] = (await open(imageId)).document.expressions as [Expression, Expression]
    await labels().merge({
      ...{ projectId, labelId: await labelId('cat') },
      intoId: await labelId('feline'),
    })
    await work()
    const drawn = aBox([cat], { x: 700 })
    const operation = randomUUID()
    const answer = await save(imageId, [box(null, drawn)], operation)
    const taken = { ...drawn, expressionIds: [feline.id] }
    expect(answer.adjusted).toEqual([box(drawn, taken)])
    expect((await open(imageId)).document.boxes).toContainEqual(taken)
    // The answer was lost: the same batch is answered the same.
    expect(await save(imageId, [box(null, drawn)], operation)).toEqual(answer)
  })

  it('may move and delete boxes that were merged', async () => {
    const imageId = await withTexts('cat', 'feline')
    const { document } = await open(imageId)
    const [first, second] = document.boxes as [Box, Box]
    const [cat] = document.expressions as [Expression]
    await labels().merge({
      ...{ projectId, labelId: await labelId('cat') },
      intoId: await labelId('feline'),
    })
    await work()
    await save(imageId, [box(first, { ...first, y: 200 }), box(second, null)])
    const now = (await open(imageId)).document
    expect(now.boxes).toMatchObject([{ id: first.id, y: 200, expressionIds: [document.expressions[1]?.id] }])
    await save(imageId, [expression(cat, null), box({ ...first, y: 200 }, null)])
    expect((await open(imageId)).document.boxes).toEqual([])
  })

  it('that draws for the old name of a class gets the new one, also under the record that is there', async () => {
    const imageId = await withTexts('cat')
    const empty = await annotated({ expressions: [], boxes: [] })
    await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    await work()
    const stale = anExpression({ text: 'cat' })
    const drawn = aBox([stale])
    const answer = await save(empty, creationOf({ expressions: [stale], boxes: [drawn] }))
    expect(answer.adjusted).toEqual([expression(stale, { ...stale, text: 'feline' })])
    const second = anExpression({ text: 'cat' })
    const other = aBox([second], { x: 500 })
    const met = await save(imageId, creationOf({ expressions: [second], boxes: [other] }))
    const [known] = (await open(imageId)).document.expressions as [Expression]
    expect(met.adjusted).toEqual([
      expression(second, null),
      box(other, { ...other, expressionIds: [known.id] }),
    ])
    // What it does next still names the expression that never came to be.
    const moved = { ...other, x: 510 }
    await save(imageId, [box(other, moved)])
    expect((await open(imageId)).document.boxes.at(-1)).toEqual({ ...moved, expressionIds: [known.id] })
    expect(await labelNames()).toEqual(['feline'])
  })

  it('gets the old name after all when somebody makes a class of that name again', async () => {
    const imageId = await withTexts('cat')
    await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    await work()
    await labels().save({ projectId, name: 'cat' })
    const fresh = anExpression({ text: 'cat' })
    const answer = await save(imageId, creationOf({ expressions: [fresh], boxes: [aBox([fresh])] }))
    expect(answer.adjusted).toEqual([])
    expect(await textsOf(imageId)).toEqual(['feline', 'cat'])
  })

  it('keeps a move of a box whose attributes were rewritten, and is asked where both changed one value', async () => {
    const cat = anExpression({ text: 'cat' })
    const [one, other] = [
      aBox([cat], { attributes: { colour: 'red' } }),
      aBox([cat], { x: 300, attributes: { colour: 'red' } }),
    ]
    const imageId = await annotated({ expressions: [cat], boxes: [one, other] })
    const rule = {
      ...{ kind: 'select' as const, required: false, default: null, appliesTo: { to: 'all' as const } },
      options: ['red'],
    }
    const { id } = await attributes().save({ projectId, id: null, name: 'colour', rule })
    const changed = { ...rule, options: ['crimson'] }
    const renamedOptions = [{ from: 'red', to: 'crimson' }]
    await attributes().save({
      ...{ projectId, name: 'colour', rule: changed, renamedOptions },
      id: id as never,
    })
    await work()
    const moved = { ...one, x: 11 }
    const answer = await save(imageId, [box(one, moved)])
    const kept = { ...moved, attributes: { colour: 'crimson' } }
    expect(answer.adjusted).toEqual([box(moved, kept)])
    const error = await refusal(save(imageId, [box(other, { ...other, attributes: { colour: 'blue' } })]))
    expect(error).toMatchObject({ code: 'CONFLICT', details: [{ id: other.id }] })
  })

  it('of two people who move one box is asked as before', async () => {
    const imageId = await withTexts('cat')
    const [before] = (await open(imageId)).document.boxes as [Box]
    await labels().rename({ projectId, labelId: await labelId('cat'), name: 'feline' })
    await work()
    await save(imageId, [box(before, { ...before, x: 1 })])
    expect(await refusal(save(imageId, [box(before, { ...before, y: 1 })]))).toMatchObject({
      code: 'CONFLICT',
    })
  })
})

describe('find and replace', () => {
  const search = (part: object) => ({ find: 'cat', replace: 'dog', ...part })
  type Lines = { kind: 'class' | 'phrase'; from: string }[]
  const preview = (part: object = {}, without: Lines = []) =>
    labels().previewReplace({ projectId, search: search(part), without })
  const apply = async (part: object = {}, without: Lines = []) => {
    const { totals: expected } = await preview(part, without)
    const asked = await labels().replace({ projectId, search: search(part), without, expected })
    await work()
    return { asked, expected }
  }

  it('previews each change with its counts, and does exactly that', async () => {
    const [first, second] = [await withTexts('cat', 'a black cat'), await withTexts('cat', 'dog')]
    const { lines, totals, refused } = await preview()
    expect(lines).toMatchObject([
      { from: 'cat', to: 'dog', images: 2, boxes: 2, merges: 1, isLabel: true, problem: null },
      { from: 'a black cat', to: 'a black dog', images: 1, boxes: 1, merges: 0, isLabel: false },
    ])
    expect([totals, refused]).toEqual([{ lines: 2, images: 2, boxes: 3 }, 0])
    const { asked, expected } = await apply()
    expect(asked.images).toBe(expected.images)
    expect([await textsOf(first), await textsOf(second)]).toEqual([['dog', 'a black dog'], ['dog']])
    expect(await newest()).toMatchObject({ result: { images: 2, merged: 1 } })
    await undo(asked.editId)
    expect([await textsOf(first), await textsOf(second)]).toEqual([
      ['cat', 'a black cat'],
      ['cat', 'dog'],
    ])
  })

  it('leaves out lines that were unticked and those that would become invalid', async () => {
    const imageId = await withTexts('cat', 'cat nap', 'a cat')
    const tagged = await preview({ replace: '<dog>' })
    expect(tagged).toMatchObject({ totals: { lines: 0 }, refused: 3 })
    expect(tagged.lines.every(({ problem }) => problem === 'angleBrackets')).toBe(true)
    expect((await preview({ replace: '' })).lines.map(({ from, problem }) => [from, problem])).toContainEqual(
      ['cat', 'empty'],
    )
    await apply({}, [{ kind: 'class', from: 'cat nap' }])
    expect(await textsOf(imageId)).toEqual(['dog', 'cat nap', 'a dog'])
  })

  it.each([
    ['as typed, whatever the case', {}, ['dog', 'dog.', 'the dog']],
    ['in its own case', { caseSensitive: true }, ['Cat', 'dog.', 'the dog']],
    ['as the whole expression', { whole: true }, ['dog', 'cat.', 'the cat']],
    [
      'by a pattern',
      { mode: 'pattern', find: '^(the )cat$', replace: 'every $1dog' },
      ['Cat', 'cat.', 'every the dog'],
    ],
    ['a dot as a dot', { find: 't.', replace: 't!' }, ['Cat', 'cat!', 'the cat']],
    ['with a dollar as a dollar', { find: 'cat.', replace: '$1' }, ['Cat', '$1', 'the cat']],
  ])('finds a text %s', async (_, part, texts) => {
    const imageId = await withTexts('Cat', 'cat.', 'the cat')
    await apply(part)
    expect(await textsOf(imageId)).toEqual(texts)
  })

  it('keeps to kind and filter, and to the images of the project', async () => {
    const phrase = anExpression({ kind: 'phrase', text: 'the cat' })
    const imageId = await annotated({ expressions: [phrase, anExpression({ text: 'cat' })], boxes: [] })
    const other = await withTexts('cat')
    const elsewhere = projectId
    projectId = ProjectId.parse((await seedProject(studio, { members: [{ user: ada, role: 'viewer' }] })).id)
    const stranger = await withTexts('cat')
    projectId = elsewhere
    await apply({ kind: 'phrase' })
    expect([await textsOf(imageId), await textsOf(other)]).toEqual([['the dog', 'cat'], ['cat']])
    await apply({ filter: { text: 'the dog' } })
    expect([await textsOf(imageId), await textsOf(other)]).toEqual([['the dog', 'dog'], ['cat']])
    expect(await textsOf(stranger)).toEqual(['cat'])
    expect(await labelNames()).toEqual(['cat', 'dog'])
  })

  it('takes the class along when it is replaced everywhere', async () => {
    await withTexts('cat')
    const before = await labels().list({ projectId })
    const { asked } = await apply({ replace: 'kitten' })
    expect(await labels().list({ projectId })).toEqual([{ ...before[0], name: 'kitten' }])
    await undo(asked.editId)
    expect(await labels().list({ projectId })).toEqual(before)
  })

  it('does nothing when the preview is not true any more', async () => {
    const imageId = await withTexts('cat')
    const { totals } = await preview()
    await withTexts('cat')
    const error = await refusal(
      labels().replace({ projectId, search: search({}), without: [], expected: totals }),
    )
    expect(error).toMatchObject({ code: 'CONFLICT', details: { reason: 'previewChanged' } })
    expect(await textsOf(imageId)).toEqual(['cat'])
  })

  it('refuses a pattern that is none, and stops one that never ends', async () => {
    await withTexts(`${'a'.repeat(60)}!`)
    const pattern = (find: string) => refusal(preview({ mode: 'pattern', find }))
    expect(await pattern('(a')).toMatchObject({ code: 'BAD_REQUEST', details: { reason: 'badPattern' } })
    expect(await pattern('^(a+)+$')).toMatchObject({
      code: 'BAD_REQUEST',
      details: { reason: 'slowPattern' },
    })
  })
})

describe('attributes', () => {
  const everywhere = { required: false, appliesTo: { to: 'all' as const } }
  const select = { kind: 'select' as const, ...everywhere, options: ['red', 'blue'], default: null }
  const redBox = async () => {
    const cat = anExpression({ text: 'cat' })
    const red = aBox([cat], { attributes: { colour: 'red', 'from elsewhere': 3 } })
    return annotated({ expressions: [cat], boxes: [red] })
  }
  const values = async (imageId: ImageId) => (await open(imageId)).document.boxes[0]?.attributes

  it('are given to the editor in their order, and counted where boxes carry them', async () => {
    await redBox()
    const { id } = await attributes().save({ projectId, id: null, name: 'colour', rule: select })
    const checkbox = { kind: 'checkbox' as const, ...everywhere, default: false }
    const { id: other } = await attributes().save({ projectId, id: null, name: 'asleep', rule: checkbox })
    await attributes().order({ projectId, ids: [other, id] as never[] })
    const imageId = await withTexts('cat')
    expect((await open(imageId)).attributes.map(({ name }) => name)).toEqual(['asleep', 'colour'])
    expect(await attributes().usage({ projectId })).toEqual([
      { name: 'colour', boxes: 1, values: [{ value: 'red', boxes: 1 }] },
      { name: 'from elsewhere', boxes: 1, values: [{ value: 3, boxes: 1 }] },
    ])
  })

  it('take their values along when they are renamed, and lose none when they are not', async () => {
    const imageId = await redBox()
    const { id } = await attributes().save({ projectId, id: null, name: 'colour', rule: select })
    const renamed = { projectId, id: id as never, name: 'tint', rule: select }
    const { edits } = await attributes().save(renamed)
    await work()
    expect(await values(imageId)).toEqual({ tint: 'red', 'from elsewhere': 3 })
    await undo(edits[0]?.editId ?? null)
    expect(await values(imageId)).toEqual({ colour: 'red', 'from elsewhere': 3 })
    expect((await attributes().list({ projectId }))[0]?.name).toBe('colour')
    await attributes().save({ ...renamed, rewrite: false })
    await work()
    expect(await values(imageId)).toEqual({ colour: 'red', 'from elsewhere': 3 })
  })

  it('go with or without their values, and come back by undo', async () => {
    const imageId = await redBox()
    const { id } = await attributes().save({ projectId, id: null, name: 'colour', rule: select })
    const { editId } = await attributes().delete({ projectId, id: id as never, values: 'delete' })
    await work()
    expect(await values(imageId)).toEqual({ 'from elsewhere': 3 })
    await undo(editId)
    expect(await values(imageId)).toEqual({ colour: 'red', 'from elsewhere': 3 })
    expect(await attributes().list({ projectId })).toMatchObject([{ id, name: 'colour' }])
    await attributes().delete({ projectId, id: id as never, values: 'keep' })
    expect(await values(imageId)).toEqual({ colour: 'red', 'from elsewhere': 3 })
  })

  it('are refused when they contradict themselves or another one', async () => {
    const attempt = (rule: object, name = 'size') =>
      attributes().save({ projectId, id: null, name, rule: { ...everywhere, ...rule } as never })
    for (const rule of [
      { kind: 'select', options: [], default: null },
      { kind: 'select', options: ['a', 'a'], default: null },
      { kind: 'select', options: ['a'], default: 'b' },
      { kind: 'number', min: 3, max: 1 },
      { kind: 'number', min: 3, max: 5, default: 9 },
    ]) {
      await expect(attempt(rule), JSON.stringify(rule)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
    const { id } = await attempt({ kind: 'text' })
    expect(await refusal(attempt({ kind: 'text' }))).toMatchObject({ code: 'CONFLICT' })
    const other = { projectId, id: id as never, name: 'size', rule: select }
    expect(await refusal(attributes().save(other))).toMatchObject({ code: 'BAD_REQUEST' })
  })
})
