import { availableParallelism } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { ROOT } from '../env.ts'
import { StudioError } from '../errors.ts'
import { type Drawn, type Picture, tryPicture } from './draw-picture.ts'
import { type DrawPlan, pictureCount } from './draw-plan.ts'
import { problemText } from './sources/problem-text.ts'

/** Below this a thread's start (0.6 s) costs more than it saves. */
const FEW = 24
/** Drawing leaves room for the rest of the studio, and more would wait for the disk. */
const MOST_THREADS = 8
/** Pictures on their way in each thread: encoding runs beside drawing. */
const AHEAD = 3

/**
 * The pictures of a plan in order. Many are drawn in threads of their own, so that the process that asks
 * goes on answering.
 * @throws StudioError BAD_FILE when a chart has too many shapes for its picture, the signal's reason
 */
export async function* drawPictures(plan: DrawPlan, signal?: AbortSignal): AsyncGenerator<Picture> {
  const count = pictureCount(plan)
  if (count < FEW) {
    for (let index = 0; index < count; index += 1) {
      signal?.throwIfAborted()
      yield pictureOf(await tryPicture(plan, index))
    }
    return
  }
  const threads = startThreads(plan, Math.min(MOST_THREADS, availableParallelism()))
  try {
    const underWay: Promise<Drawn>[] = []
    for (let index = 0; index < count; index += 1) {
      while (underWay.length < threads.length * AHEAD && index + underWay.length < count) {
        const next = index + underWay.length
        underWay.push(threads[next % threads.length]?.draw(next) ?? tryPicture(plan, next))
      }
      signal?.throwIfAborted()
      const drawn = underWay.shift()
      if (drawn) yield pictureOf(await drawn)
    }
    // The others would reject unheard when the threads end.
    for (const other of underWay) other.catch(() => undefined)
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

function pictureOf(drawn: Drawn): Picture {
  if ('picture' in drawn) return drawn.picture
  const { problem } = drawn
  throw new StudioError('BAD_FILE', { message: problemText(problem), details: { problems: [problem] } })
}

interface Thread {
  draw(index: number): Promise<Drawn>
  end(): Promise<unknown>
}

type Answer = { index: number; drawn: Drawn } | { index: number; error: unknown }

/** Joined from pieces on purpose: the bundler must not follow it, the thread runs from the source. */
const THREAD_FILE = [ROOT, 'server', 'charts', 'drawing-thread.mjs'].join(path.sep)

function startThreads(plan: DrawPlan, count: number): Thread[] {
  return Array.from({ length: count }, () => {
    const worker = new Worker(THREAD_FILE, { workerData: plan, execArgv: [] })
    const waiting = new Map<number, { resolve(drawn: Drawn): void; reject(error: unknown): void }>()
    const failAll = (error: unknown) => {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    worker.on('message', (answer: Answer) => {
      const asked = waiting.get(answer.index)
      waiting.delete(answer.index)
      if ('drawn' in answer) asked?.resolve(answer.drawn)
      else asked?.reject(answer.error)
    })
    worker.on('error', failAll)
    worker.on('exit', (code) => failAll(new Error(`A drawing thread ended with code ${code}.`)))
    return {
      draw: (index) => {
        const drawn = new Promise<Drawn>((resolve, reject) => waiting.set(index, { resolve, reject }))
        // It is awaited in its turn; until then a failure must not count as unhandled.
        drawn.catch(() => undefined)
        worker.postMessage(index)
        return drawn
      },
      end: () => worker.terminate(),
    }
  })
}
