import { z } from 'zod'
import { ImageId, RunId } from './ids.ts'

/** x1, y1, x2, y2 as integers 0..1000 of the oriented original. */
export const NormalisedBox = z.tuple([
  z.number().int().min(0).max(1000),
  z.number().int().min(0).max(1000),
  z.number().int().min(0).max(1000),
  z.number().int().min(0).max(1000),
])
export type NormalisedBox = z.infer<typeof NormalisedBox>

export const PredictionModel = z.enum(['base', 'tuned'])
export type PredictionModel = z.infer<typeof PredictionModel>
export const PredictionSource = z.enum(['browser', 'server'])
export type PredictionSource = z.infer<typeof PredictionSource>

/**
 * Answers made in a browser, word for word. Which expressions an answer speaks of and the boxes in it are
 * worked out on the server, from the question, so that one parser judges all answers.
 */
export const SaveAnswers = z.object({
  runId: RunId,
  model: PredictionModel,
  /** What ran the model, for example "wasm, 4 threads". */
  backend: z.string().trim().min(1).max(80),
  answers: z
    .array(
      z.object({
        imageId: ImageId,
        prompt: z.string().min(1).max(4000),
        text: z.string().max(100_000),
        tokens: z.number().int().min(0),
        milliseconds: z.number().int().min(0),
      }),
    )
    .min(1)
    .max(200),
})
export type SaveAnswers = z.infer<typeof SaveAnswers>

/** At most so many samples of the held-out images are sent to the page, in the order of the version. */
export const REVIEW_LIMIT = 2000

/** One line of `refbox_trainer predict`. */
export const PredictionLine = z.object({
  dataset: z.string(),
  index: z.number().int(),
  image: z.string(),
  expression: z.string(),
  prompt: z.string(),
  text: z.string(),
  boxes: z.array(NormalisedBox),
  /** How sure the model is of each of `boxes`: mean probability of its digits' tokens. Older files have none. */
  scores: z.array(z.number().min(0).max(1)).optional(),
  tokens: z.number().int(),
  ms: z.number(),
})
export type PredictionLine = z.infer<typeof PredictionLine>

/** One line of `refbox_trainer predict --refused`: a record that was not asked about, since its picture cannot be opened. */
export const RefusedLine = z.object({
  dataset: z.string(),
  /** Line number in its annotation file, from 0. */
  index: z.number().int(),
  image: z.string(),
  why: z.string(),
})
export type RefusedLine = z.infer<typeof RefusedLine>
