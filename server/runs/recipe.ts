import type { BaseModelInfo, RunPreset } from '../contracts/run.ts'
import type { RunConfig } from '../contracts/run-config.ts'
import { type Method, nearestSize, recipeFile } from './published-recipes.ts'

/** Below this a base is a demo model that learns from scratch-like rates; the published recipes start at 0.9 B. */
const NANO_PARAMETERS = 100_000_000
/** Published runs saw 100 steps and more; a small set is repeated until it has been seen that often. */
const PUBLISHED_STEPS = 100

type LoraMethod = Extract<RunConfig['method'], { kind: 'lora' }>

/** What a preset fixes for one base; everything else of run.json is the same for all. */
export interface Recipe {
  lora: Omit<LoraMethod, 'kind' | 'alpha' | 'use_rslora' | 'use_dora'>
  sequence: Pick<RunConfig['sequence'], 'max_length' | 'max_dynamic_patch'>
  train: Pick<
    RunConfig['train'],
    | 'batch_size'
    | 'micro_batch_size'
    | 'learning_rate'
    | 'weight_decay'
    | 'warmup_ratio'
    | 'schedule'
    | 'gradient_checkpointing'
    | 'loader_workers'
  >
  strategy: RunConfig['parallel']['strategy']
  /** Steps after which a small data set has been seen often enough. */
  steps: number
}

export function isNano({ parameters }: Pick<BaseModelInfo, 'parameters'>): boolean {
  return parameters < NANO_PARAMETERS
}

const methodOf = (preset: RunPreset): Method => (preset === 'full' ? 'full' : 'lora')

/** Name and cards of the published script that a preset follows; null for the nano base, which has none. */
export function publishedFor(preset: RunPreset, info: BaseModelInfo): { size: string; gpus: number } | null {
  if (isNano(info)) return null
  const { name, gpus } = nearestSize(info.parameters)
  return { size: name, gpus: gpus[methodOf(preset)] }
}

/** @param processes devices that the run will hold */
export function recipeFor(preset: RunPreset, info: BaseModelInfo, processes: number): Recipe {
  const published = publishedFor(preset, info)
  if (!published) return nanoRecipe(preset)
  const { train, sequence, parallel, method } = recipeFile(published.size, methodOf(preset), processes)
  return {
    // Full fine-tuning has no adapters; what stands here is then not used.
    lora:
      method.kind === 'lora'
        ? method
        : { rank: 16, dropout: 0.05, targets: ['language'], quantization: 'none' },
    sequence,
    train,
    strategy: processes > 1 ? parallel.strategy : 'auto',
    steps: PUBLISHED_STEPS,
  }
}

/**
 * P@1 on the 219 questions about the sample's 48 held-out charts, adapters of rank 32 in the language model, seven
 * epochs: 0.84 by steps of 8, 0.86 and 0.87 by twice as many steps of 4 in the same time. The projector too: 0.85 by
 * steps of 8, in 1.4 times the time.
 */
function nanoRecipe(preset: RunPreset): Recipe {
  const isFull = preset === 'full'
  const batchSize = isFull ? 8 : 4
  return {
    lora: { rank: 32, dropout: 0, targets: ['language'], quantization: 'none' },
    sequence: { max_length: 4096, max_dynamic_patch: 6 },
    train: {
      batch_size: batchSize,
      micro_batch_size: batchSize,
      learning_rate: isFull ? 5e-4 : 1.5e-3,
      weight_decay: 0.01,
      warmup_ratio: 0.03,
      schedule: 'cosine',
      // Its activations are smaller than what recomputing them costs in time.
      gradient_checkpointing: false,
      loader_workers: 2,
    },
    strategy: 'auto',
    steps: isFull ? 200 : 330,
  }
}
