import type { PredictionModel, SaveAnswers } from '../../server/contracts/prediction.ts'
import type { LoadProgress } from '../assist/assistant.ts'
import type { Backend, Question, QuestionAnswer } from '../assist/messages.ts'
import type { ReviewSample } from './scored-sample.ts'

/** One question about one held-out picture; a detection question stands for several samples. */
export interface OpenQuestion {
  imageId: string
  prompt: string
}

export type Answers = SaveAnswers['answers']

/** A loaded model, as far as this needs one. */
export interface Answerer {
  backend: Backend
  ask: (
    question: Question,
    callbacks: { onText?: (text: string) => void; signal?: AbortSignal },
  ) => Promise<QuestionAnswer>
  close: () => void
}

/** What the work needs from its surroundings. */
export interface PredictionPorts {
  /** Waits until the model's bundle can be downloaded. */
  provideBundle: (model: PredictionModel, signal: AbortSignal) => Promise<void>
  open: (
    model: PredictionModel,
    options: { onProgress: (progress: LoadProgress) => void; signal: AbortSignal },
  ) => Promise<Answerer>
  save: (model: PredictionModel, backend: Backend, answers: Answers) => Promise<void>
}

export type PredictionState =
  | { phase: 'providing'; model: PredictionModel }
  | ({ phase: 'loading'; model: PredictionModel } & LoadProgress)
  | {
      phase: 'answering'
      model: PredictionModel
      backend: Backend
      done: number
      total: number
      /** 0 before the first answer. */
      tokensPerSecond: number
      secondsLeft: number | null
      question: OpenQuestion
      /** The answer as it grows. */
      text: string
    }

/** Longest answer; the trainer's `predict` stops at the same length. */
const MAX_NEW_TOKENS = 256
/** Answers that a closed tab may lose. */
const SAVE_EVERY = 8

/** Questions that a model has not answered in the browser yet; all of them with `again`. */
export function openQuestions(
  samples: readonly ReviewSample[],
  model: PredictionModel,
  again = false,
): OpenQuestion[] {
  const questions = new Map<string, OpenQuestion>()
  for (const { imageId, prompt, answers } of samples) {
    if (again || answers[model].browser === null) questions.set(`${imageId} ${prompt}`, { imageId, prompt })
  }
  return [...questions.values()]
}

/**
 * Asks each model its questions, the base first, and saves the answers as they come, so that work which
 * is cancelled or lost with its tab goes on where it stopped. A model without questions is not loaded.
 * @throws what the ports throw; answers given until then are saved
 */
export async function predictAll(
  questions: Record<PredictionModel, readonly OpenQuestion[]>,
  ports: PredictionPorts,
  onState: (state: PredictionState) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const model of ['base', 'tuned'] as const) {
    if (questions[model].length === 0) continue
    onState({ phase: 'providing', model })
    await ports.provideBundle(model, signal)
    const answerer = await ports.open(model, {
      onProgress: (progress) => onState({ phase: 'loading', model, ...progress }),
      signal,
    })
    try {
      await answerAll(model, questions[model], answerer, ports, onState, signal)
    } finally {
      answerer.close()
    }
  }
}

async function answerAll(
  model: PredictionModel,
  questions: readonly OpenQuestion[],
  answerer: Answerer,
  ports: PredictionPorts,
  onState: (state: PredictionState) => void,
  signal: AbortSignal,
): Promise<void> {
  const { backend } = answerer
  const unsaved: Answers = []
  let tokens = 0
  let milliseconds = 0
  const save = async () => {
    if (unsaved.length > 0) await ports.save(model, backend, unsaved.splice(0))
  }
  try {
    for (const [done, question] of questions.entries()) {
      const report = (text: string) =>
        onState({
          ...{ phase: 'answering', model, backend, done, total: questions.length, question, text },
          tokensPerSecond: milliseconds === 0 ? 0 : (tokens / milliseconds) * 1000,
          secondsLeft: done === 0 ? null : (milliseconds / done / 1000) * (questions.length - done),
        })
      report('')
      const answer = await answerer.ask(
        {
          imageUrl: `/api/images/${question.imageId}`,
          prompt: question.prompt,
          maxNewTokens: MAX_NEW_TOKENS,
        },
        { onText: report, signal },
      )
      tokens += answer.tokens
      milliseconds += answer.milliseconds
      unsaved.push(savable(question, answer))
      if (unsaved.length >= SAVE_EVERY) await save()
    }
  } finally {
    await save()
  }
}

function savable({ imageId, prompt }: OpenQuestion, answer: QuestionAnswer): Answers[number] {
  const { text, tokens, milliseconds } = answer
  return { imageId: imageId as Answers[number]['imageId'], prompt, text, tokens, milliseconds }
}

/** How a backend is written down with each prediction, and read back by `readBackend`. */
export function backendText({ kind, threads }: Backend): string {
  return `${kind}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

/** @returns null for what only the server can be: cpu, cuda:0 … */
export function readBackend(text: string): Backend | null {
  const match = /^wasm, (\d+) threads?$/.exec(text)
  return match ? { kind: 'wasm', threads: Number(match[1]) } : null
}
