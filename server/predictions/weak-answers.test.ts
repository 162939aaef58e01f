import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aBox, anExpression, seedAnnotations } from '../../prisma/seed/annotations.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRows } from '../../prisma/seed/rows.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { ProjectId } from '../contracts/ids.ts'
import { readPositions } from '../contracts/image-positions.ts'
import type { NormalisedBox, PredictionModel, PredictionSource } from '../contracts/prediction.ts'
import { newId } from '../db/ids.ts'
import type { Corners } from '../grounding/coordinates.ts'
import { scoreSample } from '../grounding/match.ts'

/** As `seedRows` makes them. */
const SIZE = { width: 1000, height: 500 }
const IMAGES = 3

let studio: TestStudio
let owner: Viewer
let projectId: ProjectId
let images: string[]
let runId: string

beforeAll(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  await studio.db.baseModel.create({
    data: { id: 'bm_test', name: 'Test', path: '/nowhere', source: 'folder', info: {} },
  })
})
afterAll(() => studio.dispose())
beforeEach(async () => {
  projectId = await newProject()
  images = await seedRows(studio, projectId, IMAGES)
  runId = await newRun(projectId, 1)
})

async function newProject(): Promise<ProjectId> {
  const members = [{ user: owner, role: 'owner' as const }]
  return ProjectId.parse((await seedProject(studio, { members })).id)
}

async function newRun(of: string, number: number): Promise<string> {
  const { id } = await studio.db.run.create({
    data: {
      ...{ id: newId('r'), projectId: of, number, name: '', baseModelId: 'bm_test', config: {} },
      ...{ status: 'succeeded', position: number, device: 'cpu', createdBy: owner.id },
    },
  })
  return id
}

interface Answer {
  model?: PredictionModel
  source?: PredictionSource
  run?: string
  /** When it was given. */
  minute?: number
}

async function answer(image: number, expression: string, boxes: NormalisedBox[], given: Answer = {}) {
  const { model = 'tuned', source = 'server', run = runId, minute = 0 } = given
  const createdAt = new Date(Date.UTC(2026, 0, 1, 12, minute))
  await studio.db.prediction.create({
    data: {
      ...{ id: newId('q'), runId: run, imageId: images[image] ?? '', expression, model, source, createdAt },
      ...{ backend: 'cpu', prompt: '', text: '', boxes, tokens: 1, milliseconds: 1 },
    },
  })
}

/** An expression of an image with boxes given as corners in pixels; none = not in this image. */
async function annotate(image: number, text: string, corners: Corners[], kind: 'class' | 'phrase' = 'class') {
  const expression = anExpression({ text, kind })
  const boxes = corners.map(([x, y, x2, y2]) => aBox([expression], { x, y, width: x2 - x, height: y2 - y }))
  await seedAnnotations(studio, images[image] ?? '', { expressions: [expression], boxes })
}

/** Places of the images that match, from 0. */
async function below(iouBelow: number): Promise<number[]> {
  const { positions } = await studio.as(owner).images.positions({ projectId, filter: { iouBelow } })
  return [...readPositions(positions)]
}

/** The left part of the picture, in pixels and as a model writes it. */
const left = (share: number): Corners => [0, 0, share * SIZE.width, SIZE.height]
const predictedLeft = (share: number): NormalisedBox => [0, 0, share * 1000, 1000]

describe('images on which a tuned model is weak', () => {
  test('are those where its first box and the best annotated one overlap less than that', async () => {
    await annotate(0, 'valve', [[900, 400, 1000, 500], left(0.4), [0, 0, 10, 10]])
    await answer(0, 'valve', [predictedLeft(0.8)])
    // A later box that is right does not help, a later one that is wrong does no harm.
    await annotate(1, 'valve', [left(0.4)])
    await answer(1, 'valve', [[900, 0, 1000, 100], predictedLeft(0.4)])
    await annotate(2, 'valve', [left(0.4)])
    await answer(2, 'valve', [predictedLeft(0.4), [900, 0, 1000, 100]])
    expect(await below(0.5)).toEqual([1])
    expect(await below(0.51)).toEqual([0, 1])
    expect(await below(1)).toEqual([0, 1])
  })

  test('are not those that were not asked about, or only of the untuned model', async () => {
    await annotate(0, 'valve', [left(0.4)])
    await annotate(1, 'valve', [left(0.4)])
    await answer(1, 'valve', [], { model: 'base', minute: 9 })
    expect(await below(1)).toEqual([])
    await answer(2, 'valve', [predictedLeft(1)])
    expect(await below(1)).toEqual([2])
  })

  test('count one weak answer among good ones', async () => {
    for (const text of ['pipe', 'valve']) await annotate(0, text, [left(0.4)])
    await answer(0, 'pipe', [predictedLeft(0.4)])
    expect(await below(0.5)).toEqual([])
    await answer(0, 'valve', [predictedLeft(0.1)])
    expect(await below(0.5)).toEqual([0])
  })

  test('what is not in the image is found there: 0, or not: 1', async () => {
    await annotate(0, 'valve', [])
    await answer(0, 'valve', [predictedLeft(0.4)])
    await annotate(1, 'valve', [])
    await answer(1, 'valve', [])
    // Nobody named it there, which is the same.
    await annotate(2, 'pipe', [left(0.4)])
    await answer(2, 'valve', [predictedLeft(0.4)])
    expect(await below(0.01)).toEqual([0, 2])
    expect(await below(1)).toEqual([0, 2])
  })

  test('what is in the image is not found: 0', async () => {
    await annotate(0, 'the red valve', [left(0.4)], 'phrase')
    await answer(0, 'the red valve', [])
    // The same words elsewhere are another image's.
    await annotate(1, 'the red valve', [])
    await answer(1, 'the red valve', [])
    expect(await below(0.01)).toEqual([0])
  })

  test('the annotations of today decide', async () => {
    await answer(0, 'valve', [predictedLeft(0.4)])
    expect(await below(0.5)).toEqual([0])
    await annotate(0, 'valve', [left(0.4)])
    expect(await below(0.5)).toEqual([])
    await studio.db.box.updateMany({ where: { imageId: images[0] ?? '' }, data: { width: 100 } })
    expect(await below(0.5)).toEqual([0])
  })

  test('a class that was renamed since is still the one that was asked for', async () => {
    await annotate(0, 'gate', [left(0.4)])
    await answer(0, 'valve', [predictedLeft(0.4)])
    expect(await below(0.5)).toEqual([0])
    const label = await studio.db.label.findFirstOrThrow({ where: { projectId, name: 'gate' } })
    await studio.db.labelAlias.create({ data: { projectId, name: 'valve', labelId: label.id } })
    expect(await below(0.5)).toEqual([])
  })
})

describe('the newest answers', () => {
  beforeEach(async () => {
    await annotate(0, 'valve', [left(0.4)])
    await annotate(1, 'valve', [left(0.4)])
  })
  const [good, bad] = [[predictedLeft(0.4)], [predictedLeft(0.1)]]

  test('are those of the run that was asked last, whichever was started last', async () => {
    const later = await newRun(projectId, 2)
    await answer(0, 'valve', bad, { minute: 1 })
    await answer(0, 'valve', good, { minute: 2, run: later })
    await answer(1, 'valve', bad, { minute: 1 })
    // The newer run was not asked about the second image, and the older one is no longer asked.
    expect(await below(0.5)).toEqual([])
    await answer(1, 'pipe', [], { minute: 3 })
    expect(await below(0.5)).toEqual([0, 1])
    await answer(1, 'valve', good, { minute: 4, model: 'base', run: later })
    expect(await below(0.5)).toEqual([0, 1])
  })

  test('are not those of another project', async () => {
    await answer(0, 'valve', bad, { minute: 1 })
    const elsewhere = await newProject()
    const [image] = await seedRows(studio, elsewhere, 1)
    images.push(image ?? '')
    await answer(IMAGES, 'valve', bad, { minute: 2, run: await newRun(elsewhere, 1) })
    expect(await below(0.5)).toEqual([0])
  })

  test.each(['browser', 'server'] as const)('come from the %s where it was asked later', async (source) => {
    const other = source === 'browser' ? 'server' : 'browser'
    await answer(0, 'valve', bad, { minute: 1, source: other })
    await answer(0, 'valve', good, { minute: 2, source })
    await answer(1, 'valve', good, { minute: 1, source: other })
    await answer(1, 'valve', bad, { minute: 2, source })
    // What only one of them was asked counts too.
    await annotate(2, 'valve', [left(0.4)])
    await answer(2, 'valve', bad, { minute: 1, source: other })
    expect(await below(0.5)).toEqual([1, 2])
  })
})

test('an answer is measured as the review of a run measures it', async () => {
  const coordinate = fc.integer({ min: 0, max: 10 }).map((tenth) => tenth * 100)
  const predicted: fc.Arbitrary<NormalisedBox> = fc.tuple(coordinate, coordinate, coordinate, coordinate)
  const pixels = (min: number, max: number) => fc.integer({ min, max })
  const drawn = fc
    .tuple(pixels(0, 500), pixels(0, 250), pixels(20, 500), pixels(20, 250))
    .map(([x, y, width, height]): Corners => [x, y, x + width, y + height])
  const answers = fc.tuple(
    fc.array(predicted, { maxLength: 3 }),
    fc.array(drawn, { maxLength: 3 }),
    fc.constantFrom(0.1, 0.25, 0.5, 0.9, 1),
  )
  await fc.assert(
    fc
      .asyncProperty(answers, async ([boxes, truth, limit]) => {
        await annotate(0, 'valve', truth)
        await answer(0, 'valve', boxes)
        const { bestIou, correct } = scoreSample(boxes, truth, SIZE)
        expect(await below(limit)).toEqual((bestIou ?? (correct ? 1 : 0)) < limit ? [0] : [])
      })
      .beforeEach(async () => {
        await studio.db.prediction.deleteMany({ where: { runId } })
        await studio.db.expression.deleteMany({ where: { imageId: images[0] ?? '' } })
        await studio.db.box.deleteMany({ where: { imageId: images[0] ?? '' } })
      }),
    { numRuns: 60 },
  )
})
