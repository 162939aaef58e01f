import type { IngestResult } from '../../server/contracts/image.ts'
import type { SendFailure, SendFile } from './send-file.ts'

export type UploadState = 'queued' | 'sending' | 'reading' | 'done' | 'failed' | 'cancelled'

export interface Upload {
  id: number
  projectId: string
  path: string
  bytes: number
  state: UploadState
  /** Share 0..1 of the bytes that were sent. */
  sent: number
  /** One of an image, many of a zip; the same array grows. */
  results: readonly IngestResult[]
  failure: SendFailure | null
}

export interface UploadQueueOptions {
  send: (file: SendFile) => Promise<void>
  /** Waits until the person has signed in again; false = they would not. */
  signIn: () => Promise<boolean>
}

/** Two at once: one is being decoded by the server while the other travels. */
const PARALLEL = 2
/** A folder of 50,000 files tells of thousands of steps a second; the page is drawn ten times in it. */
const TELL_EVERY_MS = 100

/**
 * The files that are on their way. It lives outside of React, so that it goes on while one works on
 * another page of the studio.
 */
export function createUploadQueue({ send, signIn }: UploadQueueOptions) {
  const uploads = new Map<number, Upload>()
  const files = new Map<number, File>()
  const waiting: number[] = []
  const running = new Map<number, AbortController>()
  const listeners = new Set<() => void>()
  let snapshot: readonly Upload[] | null = []
  let telling = false
  let nextId = 1

  function changed(): void {
    snapshot = null
    if (telling) return
    telling = true
    setTimeout(() => {
      telling = false
      for (const listener of listeners) listener()
    }, TELL_EVERY_MS)
  }

  function update(id: number, change: Partial<Upload>): void {
    const upload = uploads.get(id)
    if (!upload) return
    uploads.set(id, { ...upload, ...change })
    changed()
  }

  function pump(): void {
    while (running.size < PARALLEL) {
      const upload = uploads.get(waiting.shift() ?? -1)
      if (!upload) return
      if (upload.state === 'queued') void start(upload)
    }
  }

  function enqueue(ids: readonly number[]): void {
    for (const id of ids) update(id, { state: 'queued', failure: null })
    waiting.push(...ids)
    pump()
  }

  async function start({ id, projectId, path }: Upload): Promise<void> {
    const file = files.get(id)
    if (!file) return
    const abort = new AbortController()
    const results: IngestResult[] = []
    running.set(id, abort)
    update(id, { state: 'sending', sent: 0, results, failure: null })
    try {
      await send({
        projectId,
        path,
        file,
        signal: abort.signal,
        onSent: (sent) => update(id, { sent, state: sent < 1 ? 'sending' : 'reading' }),
        onResult: (result) => {
          results.push(result)
          changed()
        },
      })
      files.delete(id)
      update(id, { state: 'done', sent: 1 })
    } catch (thrown) {
      const failure = thrown as SendFailure
      if (failure.code === 'UNAUTHENTICATED' && (await signIn())) enqueue([id])
      else update(id, { state: failure.code === 'ABORTED' ? 'cancelled' : 'failed', failure })
    } finally {
      running.delete(id)
      pump()
    }
  }

  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    read(): readonly Upload[] {
      snapshot ??= [...uploads.values()]
      return snapshot
    },

    add(projectId: string, added: readonly { file: File; path: string }[]): void {
      const ids = added.map(({ file, path }) => {
        const id = nextId++
        files.set(id, file)
        const fresh = { state: 'queued', sent: 0, results: [], failure: null } as const
        uploads.set(id, { id, projectId, path, bytes: file.size, ...fresh })
        return id
      })
      enqueue(ids)
    },

    /** What has arrived stays; what has not is not sent. */
    cancelAll(): void {
      for (const id of waiting.splice(0)) update(id, { state: 'cancelled' })
      for (const abort of running.values()) abort.abort()
    },

    retryFailed(): void {
      const again = [...uploads.values()].filter(({ state }) => state === 'failed' || state === 'cancelled')
      enqueue(again.map(({ id }) => id))
    },

    /** Forgets the list; only for when nothing is on its way. */
    clear(): void {
      if (running.size > 0) return
      uploads.clear()
      files.clear()
      changed()
    },
  }
}

export type UploadQueue = ReturnType<typeof createUploadQueue>
