import type { AssistErrorCode } from './assist-error.ts'

/** What really runs the model, as stored with every prediction. */
export interface Backend {
  kind: 'wasm'
  threads: number
}

export type LoadStage = 'download' | 'open'

export interface Question {
  imageUrl: string
  /** Without the image placeholder, which the model's own template adds. */
  prompt: string
  maxNewTokens: number
}

export interface QuestionAnswer {
  text: string
  tokens: number
  /** How sure the model is of each box in `text`, 0..1 (see `boxScores`). */
  scores: number[]
  /** From having the picture to the last token; the picture's own share is counted for its first question only. */
  milliseconds: number
  stop: 'end' | 'length'
}

/** Page to worker. Questions are answered in the order in which they come. */
export type ToWorker =
  | { type: 'load'; bundleUrl: string }
  | { type: 'ask'; id: number; question: Question }
  | { type: 'cancel'; id: number }

/** Worker to page. */
export type FromWorker =
  | { type: 'progress'; stage: LoadStage; loaded: number; total: number }
  | { type: 'ready'; backend: Backend; name: string }
  | { type: 'text'; id: number; text: string }
  | { type: 'answer'; id: number; answer: QuestionAnswer }
  /** Without an id: loading failed. */
  | { type: 'error'; id: number | null; code: AssistErrorCode; message: string }
