import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { readDocument } from '../annotations/read-document.ts'
import { DrawOptions } from '../contracts/chart.ts'
import { ProjectId } from '../contracts/ids.ts'
import { groundedExpressions } from '../grounding/document.ts'
import { readBlob } from '../storage/blobs.ts'
import { cancelDrawing, drawingOf, startDrawing } from './draw-into-project.ts'
import { drawPicture } from './draw-picture.ts'
import { soundPlan } from './draw-plan.ts'

const SOURCES = [{ name: 'login.mmd', text: 'flowchart TD\n a([Login]) --> b{Paid?} -- yes --> c[Send]' }]
let studio: TestStudio
let projectId: ProjectId
let userId: string
let user: Awaited<ReturnType<typeof seedUser>>

beforeEach(async () => {
  studio = await testStudio()
  user = await seedUser(studio)
  userId = user.id
  projectId = ProjectId.parse((await studio.as(user).projects.create({ name: 'Charts' })).id)
})
afterEach(() => studio.dispose())

const order = (options: object, sources = SOURCES) => ({
  projectId,
  userId,
  sources,
  options: DrawOptions.parse(options),
})
const ended = () =>
  vi.waitFor(() => expect(drawingOf(studio, projectId)?.status).not.toBe('drawing'), { timeout: 20_000 })

test('drawn pictures come in like every image: bytes, boxes, labels, split, and a part left for people', async () => {
  const { sources, options } = order({ copies: 2, random: 4, unannotated: 0.34 })
  const begun = await studio.as(user).charts.draw({ projectId, sources, options })
  expect(begun).toMatchObject({ total: 6, status: 'drawing' })
  await ended()
  expect(drawingOf(studio, projectId)).toMatchObject({ status: 'finished', done: 6, duplicates: 0 })
  const images = await studio.db.image.findMany({ where: { projectId }, orderBy: { position: 'asc' } })
  expect(images.map(({ split, status, origin }) => [split, status, origin])).toEqual([
    ...Array.from({ length: 4 }, () => ['train', 'done', 'drawing']),
    ...Array.from({ length: 2 }, () => [null, 'new', 'drawing']),
  ])
  const { plan } = soundPlan(sources, options)
  for (const [index, image] of images.entries()) {
    const picture = await drawPicture(plan, index)
    expect(image).toMatchObject({ width: picture.width, height: picture.height, fileName: picture.fileName })
    expect((await readBlob(studio.paths, image.sha256)).equals(picture.bytes)).toBe(true)
    const shown = groundedExpressions(await readDocument(studio.db, image.id))
    expect(shown).toEqual(picture.split ? picture.expressions : [])
  }
  const labels = await studio.db.label.findMany({ where: { projectId }, select: { name: true } })
  expect(labels.map(({ name }) => name)).toEqual(expect.arrayContaining(['process', 'decision', 'arrow']))
})

test('the same drawing again adds nothing', async () => {
  startDrawing(studio, order({ random: 3 }, []))
  await ended()
  startDrawing(studio, order({ random: 4 }, []))
  await ended()
  expect(drawingOf(studio, projectId)).toMatchObject({ done: 4, duplicates: 3 })
  expect(await studio.db.image.count({ where: { projectId } })).toBe(4)
})

test('cancelling keeps the whole pictures that are there, and another drawing may begin', async () => {
  startDrawing(studio, order({ random: 20 }, []))
  expect(() => startDrawing(studio, order({ random: 1 }, []))).toThrow(/already/)
  await vi.waitFor(() => expect(drawingOf(studio, projectId)?.done).toBeGreaterThan(0), { timeout: 20_000 })
  cancelDrawing(studio, projectId)
  await ended()
  const state = drawingOf(studio, projectId)
  expect(state?.status).toBe('cancelled')
  const images = await studio.db.image.findMany({ where: { projectId }, select: { revision: true } })
  expect(images.map(({ revision }) => revision)).toEqual(Array.from({ length: state?.done ?? 0 }, () => 1))
})

test('a source with a mistake stops the drawing before its first picture and is named with its line', () => {
  const broken = [...SOURCES, { name: 'b/two.dot', text: 'digraph {\n a -> \n}' }]
  expect(() => startDrawing(studio, order({}, broken))).toThrow(/^b\/two\.dot:3: /)
  expect(() => startDrawing(studio, order({}, []))).toThrow(/nothing to draw/)
})
