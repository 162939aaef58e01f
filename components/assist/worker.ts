import * as ort from 'onnxruntime-web/wasm'
import { asAssistError } from './assist-error.ts'
import { loadBundle } from './bundle.ts'
import { fetchImage } from './decode-image.ts'
import { type EncodedImage, type GroundingModel, openGroundingModel } from './grounding-model.ts'
import type { Backend, FromWorker, Question, QuestionAnswer, ToWorker } from './messages.ts'
import { opfsStore } from './opfs-store.ts'

/**
 * One model in one worker: a page that blocks for a second per answer is no page, and terminating the
 * worker is the only way to get the WebAssembly heap back.
 */
const MOST_THREADS = 8
/** Matrices of a small model are done before eight threads have met: two bring all there is to gain. */
const SMALL_MODEL_BYTES = 200_000_000
const MOST_THREADS_SMALL = 2

let model: GroundingModel | undefined
/** Questions come image by image, so the features of one picture are worth keeping. */
let latest: { url: string; image: EncodedImage } | undefined
const cancels = new Map<number, AbortController>()
/** The runtime cannot do two runs at once. */
let queue: Promise<void> = Promise.resolve()

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'load':
      enqueue(null, () => load(data.bundleUrl))
      break
    case 'ask': {
      const cancel = new AbortController()
      cancels.set(data.id, cancel)
      enqueue(data.id, () => answer(data.id, data.question, cancel.signal))
      break
    }
    case 'cancel':
      cancels.get(data.id)?.abort()
      break
  }
})

function enqueue(id: number | null, work: () => Promise<void>): void {
  queue = queue.then(work).catch((thrown: unknown) => {
    const { code, message } = asAssistError(thrown)
    send({ type: 'error', id, code, message })
  })
}

async function load(bundleUrl: string): Promise<void> {
  const bundle = await loadBundle({
    url: bundleUrl,
    store: await opfsStore(),
    onProgress: (loaded, total) => send({ type: 'progress', stage: 'download', loaded, total }),
    signal: new AbortController().signal,
  })
  send({ type: 'progress', stage: 'open', loaded: 0, total: 1 })
  const backend = configureRuntime(bundle.manifest.files.reduce((sum, file) => sum + file.bytes, 0))
  model = await openGroundingModel(ort, bundle)
  send({ type: 'ready', backend, name: bundle.manifest.name })
}

/** The .wasm lies under /ort/<version>, see scripts/copy-ort.mjs. Threads need an isolated page. */
function configureRuntime(bytes: number): Backend {
  const most = bytes < SMALL_MODEL_BYTES ? MOST_THREADS_SMALL : MOST_THREADS
  const threads = self.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, most) : 1
  ort.env.wasm.wasmPaths = `${self.location.origin}/ort/${ort.env.versions.web}/`
  ort.env.wasm.numThreads = threads
  ort.env.logLevel = 'error'
  return { kind: 'wasm', threads }
}

async function answer(id: number, question: Question, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted()
    if (!model) throw new Error('The model is not loaded.')
    send({ type: 'answer', id, answer: await ask(model, id, question, signal) })
  } finally {
    cancels.delete(id)
  }
}

async function ask(
  loaded: GroundingModel,
  id: number,
  { imageUrl, prompt, maxNewTokens }: Question,
  signal: AbortSignal,
): Promise<QuestionAnswer> {
  const pixels = latest?.url === imageUrl ? null : await fetchImage(imageUrl, signal)
  const began = performance.now()
  if (pixels) latest = { url: imageUrl, image: await loaded.encodeImage(pixels) }
  const { image } = latest as { image: EncodedImage }
  const onText = (text: string) => send({ type: 'text', id, text })
  const answered = await loaded.ask(image, prompt, { maxNewTokens, onText, signal })
  return { ...answered, milliseconds: Math.round(performance.now() - began) }
}

function send(message: FromWorker): void {
  self.postMessage(message)
}
