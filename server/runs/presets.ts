import type { BaseModelInfo, RunOverrides, RunPreset } from '../contracts/run.ts'
import type { RunConfig } from '../contracts/run-config.ts'
import { isNano, type Recipe, recipeFor } from './recipe.ts'

/** A browser's WebAssembly holds 4 GB, which is this many float32 weights. */
const BROWSER_PARAMETERS = 1_000_000_000

interface PresetOptions {
  runId: string
  modelPath: string
  hasValidation: boolean
  preset: RunPreset
  info: BaseModelInfo
  samples: number
  /** What the person set in the sheet; it overrules the preset. */
  overrides: RunOverrides
  /** One process for each device that the run will hold. */
  processes: number
  hasCuda: boolean
}

/** A preset as a whole run.json for this base and this many samples. */
export function configOfPreset(options: PresetOptions): RunConfig {
  const { preset, info, samples, overrides, processes } = options
  const nano = isNano(info)
  const recipe = recipeFor(preset, info, processes)
  const batchSize = overrides.batchSize ?? Math.min(recipe.train.batch_size, Math.max(1, samples))
  const epochs = overrides.epochs ?? epochsFor(samples, batchSize, recipe.steps)
  const steps = stepsOf(samples, batchSize, epochs)
  const isFull = preset === 'full'
  return {
    schema_version: 1,
    run_id: options.runId,
    model: { path: options.modelPath },
    data: {
      train_meta: 'dataset/meta.json',
      eval_meta: options.hasValidation ? 'dataset/meta_val.json' : null,
    },
    method: isFull ? { kind: 'full' } : loraMethod(recipe, overrides, options.hasCuda),
    freeze: { vision: !(nano && isFull), projector: preset === 'lora', language: !isFull },
    sequence: sequenceOf(info, recipe, overrides),
    train: {
      epochs,
      max_steps: null,
      batch_size: batchSize,
      micro_batch_size: microBatchSize(batchSize, processes, recipe.train.micro_batch_size),
      learning_rate: overrides.learningRate ?? recipe.train.learning_rate,
      weight_decay: recipe.train.weight_decay,
      warmup_ratio: recipe.train.warmup_ratio,
      schedule: recipe.train.schedule,
      max_grad_norm: 1,
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      seed: overrides.seed ?? 42,
      precision: overrides.precision ?? 'auto',
      gradient_checkpointing: recipe.train.gradient_checkpointing,
      loss_weighting: overrides.lossWeighting ?? 'token',
      question_order: overrides.questionOrder ?? 'shuffled',
      optimizer: 'adamw',
      attention: 'auto',
      compile: false,
      loader_workers: recipe.train.loader_workers,
      max_bad_steps: 3,
      allow_fewer_tiles: false,
    },
    parallel: { processes, strategy: recipe.strategy },
    checkpoint: {
      every_steps: between(10, Math.round(steps / 5), 200),
      keep: 1,
      // Without held-out records there is nothing that one could be best at.
      keep_best: options.hasValidation && (overrides.keepBest ?? false),
    },
    evaluate: {
      every_steps: between(10, Math.ceil(steps / 4), 500),
      max_samples: options.hasValidation ? 64 : 0,
      max_new_tokens: 256,
      metric: overrides.metric ?? 'loss',
      patience: options.hasValidation ? overrides.patience : null,
      examples: 4,
    },
    artefacts: [
      ...(isFull ? [] : ['adapter' as const]),
      'merged',
      ...(info.parameters <= BROWSER_PARAMETERS ? ['browser' as const] : []),
    ],
    device: 'auto',
  }
}

function loraMethod({ lora }: Recipe, overrides: RunOverrides, hasCuda: boolean): RunConfig['method'] {
  const rank = overrides.rank ?? lora.rank
  return {
    kind: 'lora',
    rank,
    alpha: 2 * rank,
    dropout: lora.dropout,
    targets: overrides.targets ?? lora.targets,
    use_rslora: overrides.variant === 'rslora',
    use_dora: overrides.variant === 'dora',
    // The largest sizes fit one card in 4 bits only, which need an NVIDIA one.
    quantization: overrides.quantization ?? (hasCuda ? lora.quantization : 'none'),
  }
}

/** A base that was trained with fewer tiles than the recipe has gets fewer. */
function sequenceOf(
  info: BaseModelInfo,
  recipe: Recipe,
  { maxDynamicPatch, packing }: Pick<RunOverrides, 'maxDynamicPatch' | 'packing'>,
): RunConfig['sequence'] {
  return {
    max_length: recipe.sequence.max_length,
    max_dynamic_patch: maxDynamicPatch ?? Math.min(recipe.sequence.max_dynamic_patch, info.maxDynamicPatch),
    min_dynamic_patch: 1,
    use_thumbnail: true,
    packing: packing ?? false,
    max_packed_tokens: null,
    max_packed_tiles: null,
  }
}

/** Optimizer steps of a run; the last batch of an epoch may be smaller. */
export function stepsOf(samples: number, batchSize: number, epochs: number): number {
  return Math.max(1, Math.ceil(Math.ceil(samples / batchSize) * epochs))
}

/** The published scripts see a large set once; a small one is repeated, up to 20 times. */
function epochsFor(samples: number, batchSize: number, steps: number): number {
  return between(1, Math.round((steps * batchSize) / Math.max(1, samples)), 20)
}

/** Gradients are accumulated in equal parts, so it must divide the batch; no process should have nothing to do. */
function microBatchSize(batchSize: number, processes: number, atMost: number): number {
  for (let size = Math.min(atMost, Math.ceil(batchSize / processes)); size > 1; size -= 1) {
    if (batchSize % size === 0) return size
  }
  return 1
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
