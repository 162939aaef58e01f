import { cpSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aBox, anExpression, creationOf, seedAnnotations } from '../../prisma/seed/annotations.ts'
import { seedImage } from '../../prisma/seed/images.ts'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { BaseModelId, ImageId, LabelId, ProjectId } from '../contracts/ids.ts'
import { TaskPayload } from '../contracts/worker.ts'
import { baseBundleFolder } from '../models/model-folder.ts'
import { register } from '../models/register-models.ts'
import { baseBundleFile } from '../predictions/browser-bundle.ts'
import { type PrelabelFiles, prelabelFiles } from './prelabel-files.ts'
import { prelabelProgress } from './prelabel-task.ts'
import { takeSuggestions } from './take-suggestions.ts'

let studio: TestStudio
let owner: Viewer
let projectId: ProjectId
let model: { kind: 'base'; baseModelId: BaseModelId }
let images: ImageId[]

const VALVE = { kind: 'class', text: 'valve' } as const
const PUMP = { kind: 'phrase', text: 'the red pump' } as const

beforeAll(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  projectId = ProjectId.parse((await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })).id)
  const folder = seedModelFolder(studio, 'base')
  const id = await register(studio, { folder, stored: folder, source: 'folder' })
  model = { kind: 'base', baseModelId: BaseModelId.parse(id) }
  images = []
  for (let made = 0; made < 3; made += 1) {
    images.push(ImageId.parse((await seedImage(studio, projectId, { width: 200, height: 100 })).id))
  }
}, 60_000)
afterAll(() => studio.dispose())

const caller = () => studio.as(owner)
const image = (place: number) => images[place] as ImageId

/** Asks, and gives what the worker would be told. */
async function prelabel(expressions: (typeof VALVE | typeof PUMP)[], onlyMissing = true) {
  const started = await caller().suggestions.prelabel({
    ...{ projectId, model, expressions, onlyMissing },
    images: { filter: {} },
  })
  const task = await studio.db.task.findUniqueOrThrow({ where: { id: started.taskId } })
  const payload = TaskPayload.parse(task.payload)
  if (payload.kind !== 'prelabel') throw new Error('another kind of task')
  return { ...started, payload, files: prelabelFiles(studio.paths, payload.prelabelId) }
}

/** What the trainer would have written. */
function answer(files: PrelabelFiles, lines: object[], refused: object[] = []): void {
  const write = (file: string, all: object[]) =>
    writeFileSync(file, all.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const usual = { dataset: 'prelabel', image: '', prompt: '', tokens: 9, ms: 1 }
  write(
    files.predictions,
    lines.map((line) => ({ ...usual, ...line })),
  )
  write(
    files.refused,
    refused.map((line) => ({ dataset: 'prelabel', image: '', ...line })),
  )
}

const found = (index: number, box: number[], expression = VALVE.text, score = 0.75) => ({
  ...{ index, expression, text: `<ref>${expression}</ref><box>[[${box.join(', ')}]]</box>` },
  ...{ boxes: [box], scores: [score] },
})

const open = async (place: number) => {
  const { suggestions } = await caller().annotations.open({ imageId: image(place) })
  return suggestions.map(({ text, box }) => [text, ...box])
}
const filtered = async () => {
  const list = await caller().images.list({ projectId, filter: { suggestions: 'open' } })
  return list.images.map(({ id }) => images.indexOf(ImageId.parse(id)))
}

test('asks each image for what is not annotated on it, in the words of the project’s language', async () => {
  const valve = anExpression({ text: 'valve' })
  const absent = anExpression({ text: PUMP.text, kind: 'phrase' })
  const box = aBox([valve], { x: 20, y: 10, width: 40, height: 40 })
  await seedAnnotations(studio, image(0), { expressions: [valve, absent], boxes: [box] })

  const missing = await prelabel([VALVE, PUMP])
  expect([missing.images, missing.questions]).toEqual([2, 4])
  const [line = ''] = readFileSync(missing.files.questions, 'utf8').split('\n')
  const record = JSON.parse(line) as { id: string; conversations: { value: string }[] }
  expect(record.id).toBe(image(1))
  expect(record.conversations[0]?.value).toBe(
    '<image>\nPlease provide the bounding box coordinate of the region this sentence describes: <ref>valve</ref>',
  )
  expect(record.conversations).toHaveLength(4)
  const all = await prelabel([VALVE, PUMP], false)
  expect([all.images, all.questions]).toEqual([3, 6])
  expect((await caller().suggestions.prelabels({ projectId })).map(({ questions }) => questions)).toEqual([
    6, 4,
  ])
})

test('cancels one that waits and removes its questions', async () => {
  const { taskId, files } = await prelabel([VALVE])
  expect(existsSync(files.questions)).toBe(true)
  await caller().suggestions.cancelPrelabel({ projectId, taskId })
  expect(existsSync(files.folder)).toBe(false)
  await expect(caller().suggestions.cancelPrelabel({ projectId, taskId })).rejects.toThrow('over already')
})

test('says when there is nothing to ask', async () => {
  const asked = caller().suggestions.prelabel({
    ...{ projectId, model, expressions: [VALVE] },
    images: { imageIds: [image(0)] },
  })
  await expect(asked).rejects.toThrow('annotated on these images already')
})

test('tries one again that failed', async () => {
  const { taskId } = await prelabel([VALVE])
  const again = () => caller().suggestions.retryPrelabel({ projectId, taskId })
  await expect(again()).rejects.toThrow('Only one that failed')
  await studio.db.task.update({ where: { id: taskId }, data: { status: 'failed', reason: 'no memory' } })
  await again()
  const [card] = await caller().suggestions.prelabels({ projectId })
  expect([card?.status, card?.reason]).toEqual(['queued', null])
})

test('turns answers into suggestions, and accounts for every question', async () => {
  const { payload, files } = await prelabel([VALVE, PUMP], false)
  answer(
    files,
    [
      // 0.9 and more of the box that a person drew there (20, 10, 40 × 40 of 200 × 100).
      found(0, [100, 100, 300, 500]),
      { index: 0, expression: PUMP.text, text: 'There is no pump.', boxes: [], scores: [] },
      found(1, [0, 0, 500, 500]),
      { index: 1, expression: PUMP.text, text: '<box>[[1, 2]]</box>', boxes: [], scores: [] },
    ],
    [{ index: 2, why: `${studio.paths.root}/blobs/ab/cd cannot be opened.` }],
  )
  const result = await takeSuggestions(studio, payload)
  expect(result).toEqual({
    ...{ images: 3, questions: 6, suggestions: 1, nothing: 1, alreadyThere: 1, rejectedBefore: 0, gone: 0 },
    unreadable: {
      count: 1,
      examples: [{ imageId: image(1), expression: PUMP.text, answer: '<box>[[1, 2]]</box>' }],
    },
    refused: {
      count: 1,
      examples: [
        {
          imageId: image(2),
          fileName: expect.stringMatching(/^picture_/),
          why: 'The stored file cannot be opened.',
        },
      ],
    },
  })
  expect(await open(1)).toEqual([['valve', 0, 0, 500, 500]])
  expect(await filtered()).toEqual([1])
  const counts = await caller().images.counts({ projectId })
  expect(counts.withSuggestions).toBe(1)
  const place = await caller().images.place({ imageId: image(2), wanted: 'suggested' })
  expect(place.wantedId).toBe(image(1))
})

test('no suggestion is part of the document, of a version or of an export before it is accepted', async () => {
  const { document } = await caller().annotations.open({ imageId: image(1) })
  expect(document).toEqual({ expressions: [], boxes: [] })
  const preview = await caller().versions.preview({ projectId, options: { conversation: {} } })
  expect(JSON.stringify(preview)).not.toContain('[0,0,500,500]')
})

test('a box with the suggestion’s id takes it off the list, and its removal brings it back', async () => {
  const { suggestions } = await caller().annotations.open({ imageId: image(1) })
  const boxId = suggestions[0]?.boxId ?? ''
  const valve = anExpression({ text: 'valve' })
  const origin = { by: 'model', model: 'base', runId: null } as const
  const box = aBox([valve], { id: boxId, x: 0, y: 0, width: 100, height: 50, origin })
  const changes = creationOf({ expressions: [valve], boxes: [box] })
  const save = (operationId: string, sent: typeof changes) =>
    caller().annotations.save({ imageId: image(1), operationId, changes: sent })
  await save('accept-01', changes)
  expect([await open(1), await filtered()]).toEqual([[], []])
  await save('undo-0001', [
    { type: 'box', id: box.id, before: box, after: null },
    { type: 'expression', id: valve.id, before: valve, after: null },
  ])
  expect([await open(1), await filtered()]).toEqual([[['valve', 0, 0, 500, 500]], [1]])
})

test('what was rejected does not come back from the same model, unless it is taken back', async () => {
  const judge = async (state: 'rejected' | 'open') => {
    const rows = await studio.db.suggestion.findMany({ where: { imageId: image(1) }, select: { id: true } })
    return caller().suggestions.judge({ imageId: image(1), ids: rows.map(({ id }) => id), state })
  }
  expect(await judge('rejected')).toEqual({ judged: 1 })
  expect(await open(1)).toEqual([])
  const again = await prelabel([VALVE])
  answer(again.files, [found(0, [0, 0, 500, 499]), found(1, [200, 200, 400, 400])])
  expect(await takeSuggestions(studio, again.payload)).toMatchObject({ rejectedBefore: 1, suggestions: 1 })
  expect(await filtered()).toEqual([2])
  await judge('open')
  expect(await filtered()).toEqual([1, 2])
})

test('asking a model again replaces what it proposed, and an image that was deleted is counted', async () => {
  const again = await prelabel([VALVE])
  answer(again.files, [found(0, [10, 10, 90, 90]), found(1, [600, 600, 900, 900])])
  await caller().images.delete({ projectId, imageIds: [image(2)] })
  expect(await takeSuggestions(studio, again.payload)).toMatchObject({ suggestions: 1, gone: 1 })
  expect(await open(1)).toEqual([['valve', 10, 10, 90, 90]])
})

test('a suggestion of a class that was renamed speaks of it by its new name', async () => {
  const labels = await caller().labels.list({ projectId })
  const labelId = LabelId.parse(labels.find(({ name }) => name === VALVE.text)?.id)
  await caller().labels.rename({ projectId, labelId, name: 'gate valve' })
  expect(await open(1)).toEqual([['gate valve', 10, 10, 90, 90]])
})

test('nobody judges through an image that is not theirs', async () => {
  const stranger = await seedUser(studio, { name: 'Stranger' })
  const judged = studio.as(stranger).suggestions.judge({ imageId: image(1), ids: ['x'], state: 'rejected' })
  await expect(judged).rejects.toThrow('not shared with you')
})

test('lists the models, makes the bundle of a base once, and serves it to who is signed in', async () => {
  const list = () => caller().suggestions.models({ projectId })
  expect((await list()).map(({ key, bundle, making }) => [key, bundle, making])).toEqual([
    [`base:${model.baseModelId}`, null, null],
  ])
  const ask = () => caller().suggestions.exportBase({ projectId, baseModelId: model.baseModelId })
  expect(await ask()).toEqual(await ask())
  expect((await list())[0]?.making).toEqual({ status: 'queued', reason: null })

  const folder = baseBundleFolder(studio.paths, model.baseModelId)
  cpSync('components/assist/golden/tiny-bundle', folder, { recursive: true })
  // The bundle counts only while it is newer than the checkpoint that it was made from.
  const now = new Date()
  utimesSync(path.join(folder, 'manifest.json'), now, now)
  const [made] = await list()
  expect(made?.bundle?.url).toBe(`/api/models/${model.baseModelId}/bundle`)
  const get = (file: string) =>
    baseBundleFile(new Request(`http://studio${made?.bundle?.url}/${file}`), studio, {
      ...{ modelId: model.baseModelId, file },
    })
  expect((await get('manifest.json')).status).toBe(200)
  expect((await (await get('onnx/embed_tokens.onnx')).arrayBuffer()).byteLength).toBeGreaterThan(1000)
  await expect(get('../../refbox.db')).rejects.toThrow('The bundle has no file')
})

test('prelabellings end with their project', async () => {
  const other = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
  const otherId = ProjectId.parse(other.id)
  await seedImage(studio, otherId)
  const { taskId } = await caller().suggestions.prelabel({
    ...{ projectId: otherId, model, expressions: [VALVE], images: { filter: {} } },
  })
  await caller().projects.delete({ projectId: otherId })
  expect(await studio.db.task.findUnique({ where: { id: taskId } })).toMatchObject({ status: 'cancelled' })
})

test('reads how far the trainer is from what it says', () => {
  expect(prelabelProgress('loading\npredicted 16/200, 5.2 a second\npredicted 32/200, 6 a second\n')).toEqual(
    {
      ...{ done: 32, total: 200, rate: 6 },
    },
  )
  expect(prelabelProgress('predicted 200/200, 1.2e+03 a second')).toEqual({
    done: 200,
    total: 200,
    rate: 1200,
  })
  expect(prelabelProgress('loading')).toBeNull()
})
