import { z } from 'zod'

/** Parts of a model that can get adapters. */
export const LoraTargets = z.array(z.enum(['language', 'vision', 'projector'])).min(1)

/**
 * run.json: everything a fine-tune may vary, read by `python -m refbox_trainer train`. Unknown keys are
 * refused on both sides. Keys are snake_case because Python reads them too.
 */
const LoraMethod = z.strictObject({
  kind: z.literal('lora'),
  rank: z.number().int().min(1).max(1024),
  /** The published scripts use alpha = 2 × rank. */
  alpha: z.number().positive(),
  dropout: z.number().min(0).max(0.9),
  /** Parts whose linear layers get adapters. */
  targets: LoraTargets,
  /** Scale by alpha / sqrt(rank) instead of alpha / rank. */
  use_rslora: z.boolean().default(false),
  /** Magnitude and direction apart (weight-decomposed adapters). */
  use_dora: z.boolean().default(false),
  /** Frozen weights of the language model in 4 bits; needs a CUDA device and bitsandbytes. */
  quantization: z.enum(['none', 'nf4']).default('none'),
})
const FullMethod = z.strictObject({ kind: z.literal('full') })

export const RunConfig = z.strictObject({
  schema_version: z.literal(1),
  run_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  /** Relative paths start at the folder of run.json. */
  model: z.strictObject({ path: z.string().min(1) }),
  data: z.strictObject({
    train_meta: z.string().min(1),
    eval_meta: z.string().min(1).nullable(),
  }),
  method: z.discriminatedUnion('kind', [LoraMethod, FullMethod]),
  freeze: z.strictObject({ vision: z.boolean(), projector: z.boolean(), language: z.boolean() }),
  sequence: z.strictObject({
    /** Tokens, image tokens included. */
    max_length: z.number().int().min(64),
    max_dynamic_patch: z.number().int().min(1).max(40),
    min_dynamic_patch: z.number().int().min(1).max(40),
    use_thumbnail: z.boolean(),
    /** Several samples in one sequence, each seeing only itself. Loss and gradients are those of the samples apart. */
    packing: z.boolean().default(false),
    /** Limits of one packed sequence; null = max_length, and no limit on tiles. */
    max_packed_tokens: z.number().int().min(64).nullable().default(null),
    max_packed_tiles: z.number().int().min(1).nullable().default(null),
  }),
  train: z.strictObject({
    epochs: z.number().positive(),
    /** Optimizer steps; overrules epochs when set. */
    max_steps: z.number().int().min(1).nullable(),
    /** Samples per optimizer step. */
    batch_size: z.number().int().min(1),
    /** Samples per forward; must divide batch_size. */
    micro_batch_size: z.number().int().min(1),
    learning_rate: z.number().positive(),
    weight_decay: z.number().min(0),
    warmup_ratio: z.number().min(0).max(1),
    schedule: z.enum(['cosine', 'linear', 'constant']),
    max_grad_norm: z.number().positive(),
    adam_beta1: z.number().min(0).max(1),
    adam_beta2: z.number().min(0).max(1),
    adam_epsilon: z.number().positive(),
    seed: z.number().int().min(0),
    precision: z.enum(['auto', 'float32', 'bfloat16']),
    gradient_checkpointing: z.boolean(),
    /** How supervised tokens count: all alike, each sample alike, or by the square root of its tokens. */
    loss_weighting: z.enum(['token', 'sample', 'square']).default('token'),
    /** Questions of a conversation that stand on their own: in another order every epoch, or as written. */
    question_order: z.enum(['shuffled', 'as_written']).default('shuffled'),
    optimizer: z.enum(['adamw', 'adamw_8bit']).default('adamw'),
    attention: z.enum(['auto', 'eager', 'sdpa', 'flash_attention_2']).default('auto'),
    compile: z.boolean().default(false),
    /** Threads that prepare batches ahead of the step; 0 = in the step itself. */
    loader_workers: z.number().int().min(0).max(64).default(2),
    /** Steps whose loss or gradient is no number are skipped; after this many in a row the run stops. */
    max_bad_steps: z.number().int().min(0).default(3),
    /** Whether a run that is out of memory may also cut pictures into fewer tiles, which changes what is learnt. */
    allow_fewer_tiles: z.boolean().default(false),
  }),
  /** Processes of one machine, one per GPU. The samples of a step, and their order, do not depend on it. */
  parallel: z
    .strictObject({
      processes: z.number().int().min(1).max(64),
      /** auto = ddp where the model fits each device, else fsdp. */
      strategy: z.enum(['auto', 'ddp', 'fsdp']),
    })
    .default({ processes: 1, strategy: 'auto' }),
  checkpoint: z.strictObject({
    every_steps: z.number().int().min(1),
    keep: z.number().int().min(1),
    /** Also keep the checkpoint with the best evaluation, and make the artefacts of that one. */
    keep_best: z.boolean().default(false),
  }),
  evaluate: z.strictObject({
    /** 0 = only after the last step. */
    every_steps: z.number().int().min(0),
    max_samples: z.number().int().min(0),
    max_new_tokens: z.number().int().min(1),
    /** What "best" means for keep_best and patience. */
    metric: z.enum(['loss', 'precision_at_1', 'f1', 'mean_iou']).default('loss'),
    /** Stop after this many evaluations without a better one; null = never. */
    patience: z.number().int().min(1).nullable().default(null),
    /** Answers per evaluation that are shown as `example` events. */
    examples: z.number().int().min(0).max(64).default(4),
  }),
  /** Made after the last step; the adapter only by LoRA. */
  artefacts: z.array(z.enum(['adapter', 'merged', 'browser'])),
  device: z.enum(['auto', 'cpu', 'cuda', 'mps']),
})
export type RunConfig = z.infer<typeof RunConfig>
