import { cpSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedRun, seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { ImageId, RunId } from '../contracts/ids.ts'
import type { PredictionModel } from '../contracts/prediction.ts'
import { newId } from '../db/ids.ts'
import { baseBundleFolder } from '../models/model-folder.ts'
import { runFiles } from '../runs/run-files.ts'
import { browserBundles, bundleFile } from './browser-bundle.ts'

let studio: TestStudio
let owner: Viewer
let viewerOnly: Viewer
let runId: RunId
let modelFolder: string

beforeAll(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  viewerOnly = await seedUser(studio)
  const project = await seedProject(studio, {
    members: [
      { user: owner, role: 'owner' },
      { user: viewerOnly, role: 'viewer' },
    ],
  })
  const versionId = await seedVersion(studio, owner, project.id, { train: 4, val: 3 })
  modelFolder = seedModelFolder(studio, 'base')
  runId = RunId.parse(await seedRun(studio, owner, project.id, { modelFolder, versionId }))
}, 60_000)
afterAll(() => studio.dispose())
beforeEach(() => studio.db.prediction.deleteMany())

const review = () => studio.as(viewerOnly).predictions.review({ runId })

async function save(model: PredictionModel, texts: readonly string[], backend = 'wasm, 2 threads') {
  const { samples } = await review()
  const answers = texts.map((text, at) => {
    const { imageId, prompt } = samples[at] ?? { imageId: 'none', prompt: 'none' }
    return { imageId: ImageId.parse(imageId), prompt, text, tokens: 20, milliseconds: 1000 }
  })
  return studio.as(owner).predictions.save({ runId, model, backend, answers })
}

/** The true box of a sample as a perfect model would write it. */
async function rightAnswers(): Promise<string[]> {
  const { samples } = await review()
  return samples.map(({ truth, width }) => {
    const box = (truth[0] ?? []).map((value) => Math.round((value / width) * 1000))
    return `<ref>red square</ref><box>[[${box.join(', ')}]]</box>`
  })
}

describe('the review of a run', () => {
  test('asks about the held-out pictures of its version, as its training data words it', async () => {
    const { samples, total, gone, totals } = await review()
    expect({ total, gone, totals }).toEqual({ total: 3, gone: 0, totals: [] })
    expect(samples[0]).toMatchObject({
      expression: 'red square',
      prompt:
        'Please provide the bounding box coordinate of the region this sentence describes: <ref>red square</ref>',
      answers: { base: { browser: null, server: null }, tuned: { browser: null, server: null } },
    })
    expect(samples[0]?.truth).toHaveLength(1)
  })

  test('keeps the frozen truth when the annotations change afterwards', async () => {
    const before = await review()
    await studio.db.box.updateMany({ data: { x: 0, y: 0 } })
    expect((await review()).samples).toEqual(before.samples)
  })

  test('reads the boxes from the text, and says who made them and how fast', async () => {
    const right = await rightAnswers()
    await save('tuned', right)
    await save('base', [
      right[0] as string,
      'I see nothing.',
      '<ref>red square</ref><box>[[0, 0, 9, 9]]</box>',
    ])
    const { totals } = await review()
    expect(totals.map(({ model, source, samples }) => [model, source, samples])).toEqual([
      ['base', 'browser', 3],
      ['tuned', 'browser', 3],
    ])
    expect(totals[0]).toMatchObject({ backends: ['wasm, 2 threads'], tokensPerSecond: 20 })
    expect(totals[0]?.precisionAt1).toBeCloseTo(1 / 3, 12)
    expect(totals[0]).toMatchObject({ precision: 1 / 2, recall: 1 / 3 })
    expect(totals[1]).toMatchObject({ precisionAt1: 1, f1: 1 })
  })

  test('replaces an answer that is given again', async () => {
    await save('tuned', ['nothing'])
    await save('tuned', await rightAnswers())
    expect(await studio.db.prediction.count()).toBe(3)
    expect((await review()).totals[0]?.precisionAt1).toBe(1)
  })

  test('compares what browser and server gave, box by box', async () => {
    const right = await rightAnswers()
    await save('tuned', [right[0] as string, right[1] as string])
    const rows = await studio.db.prediction.findMany()
    await studio.db.prediction.createMany({
      data: rows.map((row, at) => ({
        ...row,
        id: newId('q'),
        source: 'server',
        backend: 'cpu',
        boxes: at === 0 ? (row.boxes as number[][]) : [[1, 2, 3, 4]],
      })),
    })
    expect((await review()).agreement).toEqual([{ model: 'tuned', samples: 2, same: 1 }])
  })

  test('takes no answer to a question that the split does not ask', async () => {
    const { samples } = await review()
    const answer = { imageId: ImageId.parse(samples[0]?.imageId), text: '', tokens: 0, milliseconds: 0 }
    const saved = studio.as(owner).predictions.save({
      ...{ runId, model: 'base', backend: 'wasm' },
      answers: [{ ...answer, prompt: 'Where is the cat?' }],
    })
    await expect(saved).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await studio.db.prediction.count()).toBe(0)
  })

  test('may be read but not written by a viewer, and is not there for strangers', async () => {
    const stranger = await seedUser(studio)
    await expect(studio.as(stranger).predictions.review({ runId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const answers = [{ imageId: ImageId.parse('x'), prompt: 'x', text: '', tokens: 0, milliseconds: 0 }]
    const input = { runId, model: 'base' as const, backend: 'wasm', answers }
    await expect(studio.as(viewerOnly).predictions.save(input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('the browser bundle of a run', () => {
  const get = (file: string, headers: Record<string, string> = {}) =>
    bundleFile(new Request('http://studio/bundle', { headers }), studio, { runId, model: 'tuned', file })

  test('is not there before the run has made one', async () => {
    await expect(get('manifest.json')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await browserBundles(studio, runId)).toEqual({ base: null, tuned: null })
  })

  test('serves its manifest and what that names, with ranges, and nothing beside it', async () => {
    const folder = path.join(runFiles(studio.paths, runId).artefacts, 'browser')
    cpSync('components/assist/golden/tiny-bundle', folder, { recursive: true })
    const manifest = await (await get('manifest.json')).json()
    const [file] = manifest.files
    const whole = await get(file.file)
    expect(Number(whole.headers.get('content-length'))).toBe(file.bytes)
    expect(whole.headers.get('etag')).toBe(`"${file.sha256}"`)
    const part = await get(file.file, { range: 'bytes=5-9' })
    expect(part.status).toBe(206)
    expect(await part.text()).toBe((await (await get(file.file)).text()).slice(5, 10))
    await expect(get('../../run.json')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await browserBundles(studio, runId)).tuned?.bytes).toBeGreaterThan(500_000)
  })

  test('counts as missing when the base was changed after it was made', async () => {
    const { baseModelId } = await studio.db.run.findUniqueOrThrow({ where: { id: runId } })
    cpSync('components/assist/golden/tiny-bundle', baseBundleFolder(studio.paths, baseModelId), {
      recursive: true,
    })
    expect((await browserBundles(studio, runId)).base).not.toBeNull()
    const later = new Date(Date.now() + 60_000)
    utimesSync(path.join(modelFolder, 'model.safetensors'), later, later)
    expect((await browserBundles(studio, runId)).base).toBeNull()
  })
})
