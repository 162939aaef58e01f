import { describe, expect, it } from 'vitest'
import type { PredictionModel } from '../../server/contracts/prediction.ts'
import { AssistError } from '../assist/assist-error.ts'
import {
  type Answerer,
  backendText,
  openQuestions,
  type PredictionPorts,
  type PredictionState,
  predictAll,
  readBackend,
} from './predict-all.ts'
import type { ReviewSample } from './scored-sample.ts'

const BACKEND = { kind: 'wasm', threads: 2 } as const

function world(options: { failAt?: number; failOpening?: PredictionModel } = {}) {
  const log: string[] = []
  const saved: Record<PredictionModel, string[]> = { base: [], tuned: [] }
  let asked = 0
  const answerer = (model: PredictionModel): Answerer => ({
    backend: BACKEND,
    ask: async ({ imageUrl, prompt }, { signal }) => {
      asked += 1
      if (signal?.aborted || asked === options.failAt) throw new AssistError('cancelled', 'Cancelled.')
      return { text: `${prompt} ${imageUrl}`, tokens: 10, scores: [], milliseconds: 100, stop: 'end' }
    },
    close: () => log.push(`close ${model}`),
  })
  const ports: PredictionPorts = {
    provideBundle: async (model) => void log.push(`provide ${model}`),
    open: async (model) => {
      log.push(`open ${model}`)
      if (options.failOpening === model) throw new AssistError('selfTest', 'off')
      return answerer(model)
    },
    save: async (model, _, answers) => void saved[model].push(...answers.map(({ text }) => text)),
  }
  return { ports, log, saved }
}

const questions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ imageId: `i${index}`, prompt: 'where?' }))

describe('predicting in the browser', () => {
  it('asks the base first, closes it before the tuned model is opened, and saves every answer', async () => {
    const { ports, log, saved } = world()
    const states: PredictionState[] = []
    await predictAll(
      { base: questions(9), tuned: questions(2) },
      ports,
      (state) => states.push(state),
      new AbortController().signal,
    )
    expect(log).toEqual([
      'provide base',
      'open base',
      'close base',
      'provide tuned',
      'open tuned',
      'close tuned',
    ])
    expect([saved.base.length, saved.tuned.length]).toEqual([9, 2])
    expect(saved.tuned[1]).toBe('where? /api/images/i1')
    const last = states.at(-1)
    expect(last).toMatchObject({
      phase: 'answering',
      done: 1,
      total: 2,
      tokensPerSecond: 100,
      secondsLeft: 0.1,
    })
  })

  it('does not load a model that has answered everything', async () => {
    const { ports, log } = world()
    await predictAll({ base: [], tuned: questions(1) }, ports, () => {}, new AbortController().signal)
    expect(log).toEqual(['provide tuned', 'open tuned', 'close tuned'])
  })

  it('saves what was answered before it was cancelled, and frees the model', async () => {
    const { ports, log, saved } = world({ failAt: 4 })
    const work = predictAll({ base: questions(6), tuned: [] }, ports, () => {}, new AbortController().signal)
    await expect(work).rejects.toMatchObject({ code: 'cancelled' })
    expect(saved.base).toHaveLength(3)
    expect(log.at(-1)).toBe('close base')
  })

  it('keeps the answers of the base when the tuned model cannot be opened', async () => {
    const { ports, saved } = world({ failOpening: 'tuned' })
    const work = predictAll(
      { base: questions(2), tuned: questions(2) },
      ports,
      () => {},
      new AbortController().signal,
    )
    await expect(work).rejects.toMatchObject({ code: 'selfTest' })
    expect(saved.base).toHaveLength(2)
  })
})

describe('the questions that are left', () => {
  const sample = (imageId: string, prompt: string, answered: boolean): ReviewSample => ({
    ...{ imageId, prompt, fileName: '', width: 1, height: 1, expression: prompt, kind: 'class', truth: [] },
    answers: {
      base: {
        browser: answered ? { text: '', boxes: [], tokens: 1, milliseconds: 1, backend: '' } : null,
        server: null,
      },
      tuned: { browser: null, server: null },
    },
  })
  const samples = [sample('a', 'x', true), sample('a', 'detect', false), sample('a', 'detect', false)]

  it('are those without an answer, each once even when several samples share it', () => {
    expect(openQuestions(samples, 'base')).toEqual([{ imageId: 'a', prompt: 'detect' }])
    expect(openQuestions(samples, 'tuned')).toHaveLength(2)
  })

  it('are all of them when everything is asked again', () => {
    expect(openQuestions(samples, 'base', true)).toHaveLength(2)
  })
})

it('reads back the backend it writes, and leaves the server its own words', () => {
  for (const threads of [1, 8])
    expect(readBackend(backendText({ kind: 'wasm', threads }))?.threads).toBe(threads)
  expect(readBackend('cuda:0')).toBeNull()
})
