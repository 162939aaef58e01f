import { AssistError } from './assist-error.ts'
import type { Backend, FromWorker, LoadStage, Question, QuestionAnswer, ToWorker } from './messages.ts'

export interface LoadProgress {
  stage: LoadStage
  /** Bytes while downloading; 0 of 1 while opening, which cannot be counted. */
  loaded: number
  total: number
}

export interface AskCallbacks {
  /** The answer so far, each time it grows. */
  onText?: (text: string) => void
  signal?: AbortSignal
}

interface Pending {
  resolve: (answer: QuestionAnswer) => void
  reject: (error: AssistError) => void
  onText: ((text: string) => void) | undefined
}

/** A model in a worker of its own. `close` ends the worker, which is what frees its memory. */
export class Assistant {
  readonly backend: Backend
  private readonly worker: Worker
  private readonly pending = new Map<number, Pending>()
  private nextId = 1

  private constructor(worker: Worker, backend: Backend) {
    this.worker = worker
    this.backend = backend
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.receive(data)
    worker.onerror = (event) => this.failAll(new AssistError('runtime', event.message))
  }

  /**
   * Loads the bundle at `bundleUrl` and tests it.
   * @throws AssistError with the reason; nothing keeps running then
   */
  static open(
    bundleUrl: string,
    { onProgress, signal }: { onProgress?: (progress: LoadProgress) => void; signal?: AbortSignal } = {},
  ): Promise<Assistant> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    return new Promise((resolve, reject) => {
      const cancel = () => fail(new AssistError('cancelled', 'Cancelled.'))
      const fail = (error: AssistError) => {
        signal?.removeEventListener('abort', cancel)
        worker.terminate()
        reject(error)
      }
      signal?.addEventListener('abort', cancel, { once: true })
      worker.onerror = (event) => fail(new AssistError('runtime', event.message))
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.type === 'progress') onProgress?.(data)
        else if (data.type === 'error') fail(new AssistError(data.code, data.message))
        else if (data.type === 'ready') {
          // From here on an abort ends a question, not the model.
          signal?.removeEventListener('abort', cancel)
          resolve(new Assistant(worker, data.backend))
        }
      }
      post(worker, { type: 'load', bundleUrl })
    })
  }

  /** @throws AssistError image, runtime, cancelled */
  ask(question: Question, { onText, signal }: AskCallbacks = {}): Promise<QuestionAnswer> {
    const id = this.nextId
    this.nextId += 1
    const answer = new Promise<QuestionAnswer>((resolve, reject) => {
      this.pending.set(id, { resolve, reject, onText })
    })
    signal?.addEventListener('abort', () => post(this.worker, { type: 'cancel', id }), { once: true })
    post(this.worker, { type: 'ask', id, question })
    if (signal?.aborted) post(this.worker, { type: 'cancel', id })
    return answer
  }

  close(): void {
    this.worker.terminate()
    this.failAll(new AssistError('cancelled', 'The model was closed.'))
  }

  private receive(message: FromWorker): void {
    if (message.type === 'text') this.pending.get(message.id)?.onText?.(message.text)
    else if (message.type === 'answer') this.settle(message.id)?.resolve(message.answer)
    else if (message.type === 'error' && message.id !== null) {
      this.settle(message.id)?.reject(new AssistError(message.code, message.message))
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id)
    this.pending.delete(id)
    return pending
  }

  private failAll(error: AssistError): void {
    for (const { reject } of this.pending.values()) reject(error)
    this.pending.clear()
  }
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message)
}
