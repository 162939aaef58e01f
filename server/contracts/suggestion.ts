import { z } from 'zod'
import { ExpressionKind, ExpressionText } from './annotation.ts'
import { BaseModelId, BoxId, ImageId, ProjectId, RunId } from './ids.ts'
import { SomeImages } from './image.ts'
import { NormalisedBox } from './prediction.ts'

/** A model of the studio that can be asked for boxes: a base, or what a run made of its base. */
export const ModelRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('base'), baseModelId: BaseModelId }),
  z.object({ kind: z.literal('tuned'), runId: RunId }),
])
export type ModelRef = z.infer<typeof ModelRef>

/** One word for a model: `base:<id>` or `tuned:<id>`. */
export function modelKey(model: ModelRef): string {
  return model.kind === 'base' ? `base:${model.baseModelId}` : `tuned:${model.runId}`
}

/** A box that a model proposes; no annotation until somebody accepts it. */
export const Suggestion = z.object({
  id: z.string(),
  /** The id that the box gets when it is accepted. */
  boxId: BoxId,
  kind: ExpressionKind,
  text: z.string(),
  box: NormalisedBox,
  /** How sure the model is, 0..1 (see `boxScores`); null = not known. */
  score: z.number().min(0).max(1).nullable(),
  /** As `modelKey` writes it. */
  model: z.string(),
  modelName: z.string(),
  runId: z.string().nullable(),
})
export type Suggestion = z.infer<typeof Suggestion>

/**
 * rejected = the same model need not propose it again. there = a box of the same place was drawn or accepted
 * meanwhile. open = takes that back.
 */
export const SuggestionState = z.enum(['open', 'rejected', 'there'])
export type SuggestionState = z.infer<typeof SuggestionState>

export const JudgeSuggestions = z.object({
  imageId: ImageId,
  ids: z.array(z.string().min(1).max(64)).min(1).max(5_000),
  state: SuggestionState,
})
export type JudgeSuggestions = z.infer<typeof JudgeSuggestions>

/** Expressions asked for in one go. */
export const MAX_PRELABEL_EXPRESSIONS = 200
/** Images times expressions: some hundred megabytes of questions. */
export const MAX_PRELABEL_QUESTIONS = 1_000_000

export const StartPrelabel = z.object({
  projectId: ProjectId,
  images: SomeImages,
  model: ModelRef,
  expressions: z
    .array(z.object({ kind: ExpressionKind, text: ExpressionText }))
    .min(1)
    .max(MAX_PRELABEL_EXPRESSIONS),
  /** Leaves out what is answered on an image already: by boxes, or as "not in this image". */
  onlyMissing: z.boolean().default(true),
})
export type StartPrelabel = z.infer<typeof StartPrelabel>

/** Of what went wrong, as many examples are kept. */
export const PRELABEL_EXAMPLES = 50

/** What came of one prelabelling. Every question ends in one of these counts. */
export const PrelabelResult = z.object({
  images: z.number().int(),
  questions: z.number().int(),
  /** Boxes that wait for a person now. */
  suggestions: z.number().int(),
  /** Questions answered without a box: the model says that it is not there. */
  nothing: z.number().int(),
  /** Boxes that are annotated already, or that a person has rejected from this model before. */
  alreadyThere: z.number().int(),
  rejectedBefore: z.number().int(),
  /** Answers in which no box could be read. */
  unreadable: z.object({
    count: z.number().int(),
    examples: z.array(z.object({ imageId: z.string(), expression: z.string(), answer: z.string() })),
  }),
  /** Images that could not be opened. */
  refused: z.object({
    count: z.number().int(),
    examples: z.array(z.object({ imageId: z.string(), fileName: z.string(), why: z.string() })),
  }),
  /** Images deleted while the model was asked. */
  gone: z.number().int(),
})
export type PrelabelResult = z.infer<typeof PrelabelResult>
