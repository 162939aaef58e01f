import { describe, expect, it } from 'vitest'
import { openOnes } from '../annotator/suggestions/suggestion.ts'
import { Driver } from '../annotator/testing/driver.ts'
import { aBox, anExpression } from '../annotator/testing/records.ts'
import type { Question } from '../assist/messages.ts'
import { findEntries } from './find-entries.ts'
import { listedSuggestion, suggestionsOf } from './found-suggestions.ts'
import { type AssistModel, chosenModel } from './model-choice.ts'
import { newJudgements } from './use-server-suggestions.ts'

const IMAGE = { width: 200, height: 100 }
const DOG = { kind: 'class', text: 'dog' } as const
const MODEL = { key: 'base:m_1', name: 'Nano', runId: null }

describe('an answer', () => {
  it('gives a suggestion for each box, in pixels, with its score', () => {
    const text = '<ref>cat</ref><box>[[100, 200, 300, 400], [0, 0, 1000, 1000]]</box>'
    const { suggestions, isUnreadable } = suggestionsOf({ text, scores: [0.5, 0.25] }, DOG, MODEL, IMAGE)
    expect(isUnreadable).toBe(false)
    expect(suggestions).toMatchObject([
      { entry: DOG, rect: { x: 20, y: 20, width: 40, height: 20 }, score: 0.5, source: 'browser' },
      { entry: DOG, rect: { x: 0, y: 0, width: 200, height: 100 }, score: 0.25 },
    ])
    expect(new Set(suggestions.map(({ boxId }) => boxId)).size).toBe(2)
  })

  it('without a box finds nothing, and one that cannot be read says so', () => {
    const of = (text: string) => suggestionsOf({ text, scores: [] }, DOG, MODEL, IMAGE)
    expect(of('There is no dog.')).toEqual({ suggestions: [], isUnreadable: false })
    expect(of('<box>[[1, 2, 3]]</box>')).toEqual({ suggestions: [], isUnreadable: true })
  })
})

describe('asking for several expressions', () => {
  const options = (driver: Driver, answers: Record<string, string>) => {
    const asked: string[] = []
    const abort = new AbortController()
    return {
      asked,
      abort,
      editor: driver.editor,
      entries: [DOG, { kind: 'phrase', text: 'the cat' } as const],
      model: MODEL,
      imageUrl: '/api/images/i',
      language: 'en' as const,
      ask: async ({ prompt }: Question) => {
        const text = /<ref>(.*)<\/ref>/.exec(prompt)?.[1] ?? ''
        return {
          ...{ text: answers[text] ?? '', tokens: 1, scores: [0.5], milliseconds: 1 },
          stop: 'end' as const,
        }
      },
      onAsking: ({ text }: { text: string }, done: number) => asked.push(`${done} ${text}`),
      signal: abort.signal,
    }
  }

  it('shows each answer as it comes, counts what is known already, and puts the first in focus', async () => {
    const dog = anExpression({ text: 'dog' })
    const box = aBox([dog], { x: 0, y: 0, width: 500, height: 400 })
    const driver = new Driver({ expressions: [dog], boxes: [box] })
    const given = options(driver, {
      dog: '<box>[[0, 0, 500, 500]]</box>',
      'the cat': '<box>[[500, 500, 800, 800]]</box>',
    })
    await findEntries(given)
    const state = driver.editor.getState()
    expect(given.asked).toEqual(['0 dog', '1 the cat'])
    expect(openOnes(state).map(({ entry }) => entry.text)).toEqual(['the cat'])
    expect(state.focusedSuggestion).toBe(openOnes(state)[0]?.id)
    expect(state.notice).toEqual({
      ...{ code: 'found', count: 1, there: 1, rejectedBefore: 0, unreadable: 0, asked: 2 },
    })
    expect(driver.sent).toEqual([])
  })

  it('keeps what was answered before it was cancelled', async () => {
    const driver = new Driver()
    const given = options(driver, { dog: '<box>[[0, 0, 500, 500]]</box>' })
    const cancelling = {
      ...given,
      onAsking: (_: unknown, done: number) => {
        if (done === 1) given.abort.abort()
      },
      ask: async (question: Question) => {
        given.abort.signal.throwIfAborted()
        return given.ask(question)
      },
    }
    await expect(findEntries(cancelling)).rejects.toThrow()
    expect(openOnes(driver.editor.getState())).toHaveLength(1)
  })
})

describe('what the server is told', () => {
  it('is each judgement once, and never an acceptance', () => {
    const listed = (id: string, text: string, box: [number, number, number, number]) =>
      listedSuggestion(
        {
          ...{ id, boxId: `b_${id}` as never, kind: 'class', text, box, score: null },
          ...{ model: 'base:m_1', modelName: 'Nano', runId: null },
        },
        { width: 1000, height: 800 },
      )
    const dog = anExpression({ text: 'dog' })
    const box = aBox([dog], { x: 0, y: 0, width: 500, height: 400 })
    const driver = new Driver({ expressions: [dog], boxes: [box] })
    const { editor } = driver
    const [there, one] = [
      listed('there', 'dog', [0, 0, 500, 500]),
      listed('one', 'dog', [600, 600, 900, 900]),
    ]
    editor.setSuggestions([there, one])
    const told = new Map()
    const news = () => Object.fromEntries(newJudgements(editor.getState(), told))
    expect(news()).toEqual({ there: ['there'] })
    expect(news()).toEqual({})
    editor.setSuggestions([there, { ...one, rejected: true }])
    expect(news()).toEqual({ rejected: ['one'] })
    editor.setSuggestions([there, one])
    expect(news()).toEqual({ open: ['one'] })
  })
})

describe('the model that is asked', () => {
  const model = (key: string, given: Partial<AssistModel> = {}): AssistModel => ({
    ...{ key, name: key, bundled: false, making: null, createdAt: new Date(0) },
    ref: key.startsWith('tuned')
      ? ({ kind: 'tuned', runId: key } as never)
      : ({ kind: 'base', baseModelId: key } as never),
    bundle: { url: '', bytes: 1, maxLogitGap: 0, version: '' },
    ...given,
  })
  const [newest, older] = [model('tuned:2', { bundle: null }), model('tuned:1')]
  const nano = model('base:nano', { bundled: true })

  it('is the one chosen last, else the newest tuned one that runs here, else the bundled base', () => {
    expect(chosenModel([newest, older, nano], 'base:nano')?.key).toBe('base:nano')
    expect(chosenModel([newest, older, nano], 'tuned:gone')?.key).toBe('tuned:1')
    // Without a bundle a tuned model cannot be asked here, whoever chose it.
    expect(chosenModel([newest, nano], 'tuned:2')?.key).toBe('base:nano')
    expect(chosenModel([{ ...nano, bundle: null }, model('base:big')], null)?.key).toBe('base:nano')
    expect(chosenModel([], null)).toBeUndefined()
  })
})
