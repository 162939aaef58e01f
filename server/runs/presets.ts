import type { BaseModelInfo, RunPreset, StartRun } from '../contracts/run.ts'
import type { RunConfig } from '../contracts/run-config.ts'

/** Below this a base is a demo model that learns from scratch-like rates; the published recipes start at 0.9 B. */
const NANO_PARAMETERS = 100_000_000
const BILLION = 1_000_000_000
/** A browser's WebAssembly holds 4 GB, which is this many float32 weights. */
const BROWSER_PARAMETERS = BILLION

type Overrides = Pick<StartRun, 'epochs' | 'learningRate' | 'rank' | 'batchSize' | 'maxDynamicPatch' | 'seed'>

/**
 * A preset as a whole run.json for this base and this many samples. What the person set in the sheet
 * overrules the preset. Sources: OpenGVLab/InternVL, shell/internvl2.0/2nd_finetune/*.sh, and for
 * the nano base the runs in trainer/nano.
 */
export function configOfPreset(options: {
  runId: string
  modelPath: string
  hasValidation: boolean
  preset: RunPreset
  info: BaseModelInfo
  samples: number
  overrides: Overrides
}): RunConfig {
  const { preset, info, samples, overrides } = options
  const nano = info.parameters < NANO_PARAMETERS
  const recipe = nano ? nanoRecipe(preset) : publishedRecipe(preset, info)
  const batchSize = overrides.batchSize ?? Math.min(recipe.batchSize, Math.max(1, samples))
  const epochs = overrides.epochs ?? epochsFor(samples, batchSize, recipe.steps)
  const steps = stepsOf(samples, batchSize, epochs)
  const rank = overrides.rank ?? recipe.rank
  return {
    schema_version: 1,
    run_id: options.runId,
    model: { path: options.modelPath },
    data: {
      train_meta: 'dataset/meta.json',
      eval_meta: options.hasValidation ? 'dataset/meta_val.json' : null,
    },
    method:
      preset === 'full'
        ? { kind: 'full' }
        : {
            kind: 'lora',
            rank,
            alpha: 2 * rank,
            dropout: recipe.dropout,
            targets: recipe.targets,
            use_rslora: false,
            use_dora: false,
            quantization: 'none',
          },
    freeze: {
      vision: !(nano && preset === 'full'),
      projector: preset === 'lora',
      language: preset !== 'full',
    },
    sequence: sequenceOf(info, overrides.maxDynamicPatch),
    train: {
      epochs,
      max_steps: null,
      batch_size: batchSize,
      micro_batch_size: largestDivisor(batchSize, recipe.microBatchSize),
      learning_rate: overrides.learningRate ?? recipe.learningRate,
      weight_decay: recipe.weightDecay,
      warmup_ratio: 0.03,
      schedule: 'cosine',
      max_grad_norm: 1,
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      seed: overrides.seed ?? 42,
      precision: 'auto',
      // A nano model's activations are smaller than what recomputing them costs in time.
      gradient_checkpointing: !nano,
      loss_weighting: 'token',
      optimizer: 'adamw',
      attention: 'auto',
      compile: false,
      loader_workers: 2,
      max_bad_steps: 3,
      allow_fewer_tiles: false,
    },
    parallel: { processes: 1, strategy: 'auto' },
    checkpoint: { every_steps: between(10, Math.round(steps / 5), 200), keep: 1, keep_best: false },
    evaluate: {
      every_steps: between(10, Math.ceil(steps / 4), 500),
      max_samples: options.hasValidation ? 64 : 0,
      max_new_tokens: 256,
      metric: 'loss',
      patience: null,
      examples: 4,
    },
    artefacts: [
      ...(preset === 'full' ? [] : ['adapter' as const]),
      'merged',
      ...(info.parameters <= BROWSER_PARAMETERS ? ['browser' as const] : []),
    ],
    device: 'auto',
  }
}

/** The published scripts cut into 6 tiles at most; a base that was trained with fewer gets fewer. */
export function sequenceOf(info: BaseModelInfo, maxDynamicPatch: number | null): RunConfig['sequence'] {
  return {
    max_length: 4096,
    max_dynamic_patch: maxDynamicPatch ?? Math.min(6, info.maxDynamicPatch),
    min_dynamic_patch: 1,
    use_thumbnail: true,
    packing: false,
    max_packed_tokens: null,
    max_packed_tiles: null,
  }
}

/** Optimizer steps of a run; the last batch of an epoch may be smaller. */
export function stepsOf(samples: number, batchSize: number, epochs: number): number {
  return Math.max(1, Math.ceil(Math.ceil(samples / batchSize) * epochs))
}

interface Recipe {
  rank: number
  dropout: number
  targets: ('language' | 'vision')[]
  learningRate: number
  weightDecay: number
  batchSize: number
  microBatchSize: number
  /** Steps after which a small data set has been seen often enough. */
  steps: number
}

function publishedRecipe(preset: RunPreset, info: BaseModelInfo): Recipe {
  const size = info.parameters
  return {
    rank: 16,
    dropout: 0.05,
    targets: ['language'],
    // 26B and larger: 2e-5 by LoRA; the full scripts use it for 26B only.
    learningRate: size > 20 * BILLION && preset !== 'full' ? 2e-5 : 4e-5,
    weightDecay: size > 6 * BILLION ? 0.05 : 0.01,
    batchSize: preset === 'full' ? 128 : 16,
    microBatchSize: size > 60 * BILLION ? 1 : size > 20 * BILLION ? 2 : 4,
    steps: 100,
  }
}

/**
 * The nano tower has only seen drawn scenes, so it must move too. On held-out flowcharts (48 records) LoRA with
 * adapters in both parts and a free projector took P@1 from 0.06 to 0.31 in 208 steps of 8; full, 130 steps: 0.29.
 */
function nanoRecipe(preset: RunPreset): Recipe {
  return {
    rank: 32,
    dropout: 0,
    targets: ['language', 'vision'],
    learningRate: preset === 'full' ? 5e-4 : 2e-3,
    weightDecay: 0.01,
    batchSize: 8,
    microBatchSize: 8,
    steps: 200,
  }
}

/** The published scripts see a large set once; a small one is repeated, up to 20 times. */
function epochsFor(samples: number, batchSize: number, steps: number): number {
  return between(1, Math.round((steps * batchSize) / Math.max(1, samples)), 20)
}

/** Gradients are accumulated in equal parts, so the micro-batch must divide the batch. */
function largestDivisor(batchSize: number, atMost: number): number {
  for (let divisor = Math.min(atMost, batchSize); divisor > 1; divisor -= 1) {
    if (batchSize % divisor === 0) return divisor
  }
  return 1
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
