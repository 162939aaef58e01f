import { z } from 'zod'
import { BaseModelId, ProjectId, RunId, VersionId } from './ids.ts'
import { LoraTargets } from './run-config.ts'

export const RunStatus = z.enum([
  'queued',
  'starting',
  'running',
  'stopping',
  'succeeded',
  'stopped',
  'failed',
  'lost',
])
export type RunStatus = z.infer<typeof RunStatus>

/** The only place that knows which moves of a run are legal. Resume puts an ended run back into the queue. */
export const LEGAL_MOVES: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['starting', 'stopped'],
  starting: ['running', 'stopping', 'failed', 'lost'],
  running: ['stopping', 'succeeded', 'stopped', 'failed', 'lost'],
  stopping: ['stopped', 'succeeded', 'failed', 'lost'],
  succeeded: [],
  stopped: ['queued'],
  failed: ['queued'],
  lost: ['queued'],
}

export const ENDED: readonly RunStatus[] = ['succeeded', 'stopped', 'failed', 'lost']

export const RunPreset = z.enum(['lora', 'lora-projector', 'full'])
export type RunPreset = z.infer<typeof RunPreset>

/** What a person may set in the sheet instead of the preset's value; null = the preset's. */
export const RunOverrides = z.object({
  epochs: z.number().positive().max(1000).nullable().default(null),
  learningRate: z.number().positive().max(1).nullable().default(null),
  rank: z.number().int().min(1).max(1024).nullable().default(null),
  batchSize: z.number().int().min(1).max(4096).nullable().default(null),
  maxDynamicPatch: z.number().int().min(1).max(40).nullable().default(null),
  seed: z.number().int().min(0).nullable().default(null),
  /** Graphics cards, one process each. */
  processes: z.number().int().min(1).max(64).nullable().default(null),
  /** Parts that get adapters. */
  targets: LoraTargets.nullable().default(null),
  variant: z.enum(['plain', 'rslora', 'dora']).nullable().default(null),
  quantization: z.enum(['none', 'nf4']).nullable().default(null),
  packing: z.boolean().nullable().default(null),
  lossWeighting: z.enum(['token', 'sample', 'square']).nullable().default(null),
  questionOrder: z.enum(['shuffled', 'as_written']).nullable().default(null),
  precision: z.enum(['auto', 'float32', 'bfloat16']).nullable().default(null),
  keepBest: z.boolean().nullable().default(null),
  /** What best means, for keeping and for stopping early. */
  metric: z.enum(['loss', 'precision_at_1', 'f1', 'mean_iou']).nullable().default(null),
  /** Evaluations without a better one after which the run ends. */
  patience: z.number().int().min(1).max(1000).nullable().default(null),
})
export type RunOverrides = z.infer<typeof RunOverrides>

/** What the sheet sends. */
export const StartRun = RunOverrides.extend({
  projectId: ProjectId,
  versionId: VersionId,
  baseModelId: BaseModelId,
  preset: RunPreset,
  name: z.string().trim().max(80).default(''),
})
export type StartRun = z.infer<typeof StartRun>

export const RunInput = z.object({ runId: RunId })

/** save = finish the step, write a checkpoint, end; now = end at once, losing the steps since the last one. */
export const StopMode = z.enum(['save', 'now'])
export type StopMode = z.infer<typeof StopMode>
export const StopRun = z.object({ runId: RunId, mode: StopMode })

export const BaseModelSource = z.enum(['bundled', 'folder', 'run'])
export type BaseModelSource = z.infer<typeof BaseModelSource>

/** fast: tokenizer.json; the others are the slow forms, which the trainer turns into a fast one. */
export const TokenizerState = z.object({
  kind: z.enum(['fast', 'sentencepiece', 'bpe']),
  /** Those of the nine image and box tokens that no tokenizer file names. */
  missing: z.array(z.string()),
})
export type TokenizerState = z.infer<typeof TokenizerState>

/** What reading a checkpoint folder told, for the sheet and the Models page. */
export const BaseModelInfo = z.object({
  family: z.string(),
  /** As published: `InternVL2-8B`, `InternViT-300M`; null for another size. Rows of before have neither. */
  size: z.string().nullable().default(null),
  visionName: z.string().nullable().default(null),
  tokenizer: TokenizerState.nullable().default(null),
  layout: z.enum(['original', 'native']),
  template: z.string(),
  parameters: z.number().int(),
  /** Parameters by part, as the weight names tell. */
  parts: z.object({
    vision: z.number().int(),
    projector: z.number().int(),
    language: z.number().int(),
  }),
  /** Width and depth of the language model and of the vision tower: by them a size is known. */
  hiddenSize: z.number().int(),
  layers: z.number().int(),
  vocabularySize: z.number().int(),
  visionHiddenSize: z.number().int(),
  visionLayers: z.number().int(),
  bytes: z.number().int(),
  imageSize: z.number().int(),
  tokensPerTile: z.number().int(),
  /** Tiles a picture may be cut into, as the base was trained. */
  maxDynamicPatch: z.number().int(),
  licence: z.string().nullable(),
})
export type BaseModelInfo = z.infer<typeof BaseModelInfo>

/** A folder on the server, named by the owner of the installation. */
export const AddBaseModel = z.object({
  path: z.string().trim().min(1).max(4096),
  name: z.string().trim().max(80).default(''),
})
export type AddBaseModel = z.infer<typeof AddBaseModel>
