import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as ort from 'onnxruntime-web'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AssistError } from './assist-error.ts'
import { type FileStore, type LoadedBundle, loadBundle } from './bundle.ts'
import { picture } from './golden/picture.ts'
import { type GroundingModel, openGroundingModel } from './grounding-model.ts'

/** Made by trainer/tests/make_bundle_golden.py: a random tiny model, and what the trainer answers with it. */
const FOLDER = 'components/assist/golden/tiny-bundle'
const expected: {
  new_tokens: number
  cases: { size: [number, number]; question: string; tiles: number; tokens: number; text: string }[]
} = JSON.parse(readFileSync(`${FOLDER}.json`, 'utf8'))

const NOTHING_STORED: FileStore = { get: async () => null, put: async () => undefined }

/** Serves the bundle's folder, with ranges; `cut` ends the first answer for a file after that many bytes. */
function serveBundle(options: { cut?: Record<string, number>; spoil?: string } = {}) {
  const cuts = new Map(Object.entries(options.cut ?? {}))
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const name = url.replace('/bundle/', '')
    const range = new Headers(init?.headers).get('range')
    asked.push(range ? `${name} ${range}` : name)
    const content = new Uint8Array(readFileSync(path.join(FOLDER, name)))
    if (options.spoil === name) content[100] = (content[100] as number) ^ 1
    const from = range ? Number(/\d+/.exec(range)?.[0]) : 0
    const cut = cuts.get(name)
    cuts.delete(name)
    return new Response(content.slice(from, cut), { status: range ? 206 : 200 })
  })
  return asked
}

const load = (store = NOTHING_STORED, onProgress = (_loaded: number, _total: number) => {}) =>
  loadBundle({ url: '/bundle', store, onProgress, signal: new AbortController().signal })

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: AssistError) => error.code,
  )

afterEach(() => vi.unstubAllGlobals())

describe('a bundle in the runtime of the page', () => {
  let bundle: LoadedBundle
  let model: GroundingModel

  beforeAll(async () => {
    serveBundle()
    bundle = await load()
    vi.unstubAllGlobals()
    model = await openGroundingModel(ort, bundle)
  }, 60_000)

  it.each(expected.cases)(
    'answers "$question" about a picture of $size as the trainer does',
    async (given) => {
      const image = await model.encodeImage(picture(...given.size))
      const heard: string[] = []
      const answer = await model.ask(image, given.question, {
        maxNewTokens: expected.new_tokens,
        onText: (text) => heard.push(text),
      })
      expect(image.tiles).toBe(given.tiles)
      expect(answer).toEqual({ text: given.text, tokens: given.tokens, scores: [], stop: 'length' })
      expect(heard).toHaveLength(given.tokens)
      expect(heard.at(-1)).toBe(given.text)
    },
  )

  it('stops in the middle of an answer when it is cancelled', async () => {
    const cancel = new AbortController()
    const image = await model.encodeImage(picture(40, 40))
    const answer = model.ask(image, 'anything', {
      maxNewTokens: 1000,
      onText: () => cancel.abort(),
      signal: cancel.signal,
    })
    expect(await codeOf(answer)).toBe('cancelled')
  })

  it('is not used when it gives other numbers than where it was made', async () => {
    const [first = 0, ...others] = bundle.manifest.self_test.logits_last
    const self_test = { ...bundle.manifest.self_test, logits_last: [first + 0.01, ...others] }
    const altered = { ...bundle, manifest: { ...bundle.manifest, self_test } }
    expect(await codeOf(openGroundingModel(ort, altered))).toBe('selfTest')
  })
})

describe('loading a bundle', () => {
  it('goes on where the connection broke', async () => {
    const asked = serveBundle({ cut: { 'onnx/embed_tokens.onnx': 1000 } })
    await load()
    expect(asked).toContain('onnx/embed_tokens.onnx bytes=1000-')
  })

  it('refuses a file with one wrong bit', async () => {
    serveBundle({ spoil: 'onnx/decoder_model_merged.onnx' })
    expect(await codeOf(load())).toBe('damaged')
  })

  it('gives up on a file that never comes completely', async () => {
    vi.stubGlobal('fetch', async (url: string) =>
      url.endsWith('manifest.json')
        ? new Response(readFileSync(`${FOLDER}/manifest.json`))
        : new Response(null, { status: 503 }),
    )
    expect(await codeOf(load())).toBe('download')
  })

  it('asks the network only for what is not stored, and counts all bytes', async () => {
    const kept = new Map<string, Uint8Array<ArrayBuffer>>()
    const store: FileStore = {
      get: async (sha256) => kept.get(sha256) ?? null,
      put: async (sha256, content) => void kept.set(sha256, content),
    }
    const first = serveBundle()
    await load(store)
    expect(first.length).toBeGreaterThan(1)
    const second = serveBundle()
    const progress: [number, number][] = []
    await load(store, (loaded, total) => progress.push([loaded, total]))
    expect(second).toEqual(['manifest.json'])
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1])
  })

  it('fetches again what was stored only half', async () => {
    const asked = serveBundle()
    await load({ get: async () => new Uint8Array(10), put: async () => undefined })
    expect(asked).toContain('onnx/vision_encoder.onnx')
  })
})
