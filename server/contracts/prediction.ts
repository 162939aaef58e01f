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

export const SavePrediction = z.object({
  runId: RunId,
  imageId: ImageId,
  expression: z.string().min(1).max(500),
  model: PredictionModel,
  source: PredictionSource,
  backend: z.string().min(1).max(80),
  prompt: z.string().max(4000),
  text: z.string().max(100_000),
  boxes: z.array(NormalisedBox).max(1000),
  tokens: z.number().int().min(0),
  milliseconds: z.number().int().min(0),
})
export type SavePrediction = z.infer<typeof SavePrediction>

/** One line of `refbox_trainer predict`. */
export const PredictionLine = z.object({
  dataset: z.string(),
  index: z.number().int(),
  image: z.string(),
  expression: z.string(),
  prompt: z.string(),
  text: z.string(),
  boxes: z.array(NormalisedBox),
  tokens: z.number().int(),
  ms: z.number(),
})
export type PredictionLine = z.infer<typeof PredictionLine>
