import { z } from 'zod'

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
  targets: z.array(z.enum(['language', 'vision', 'projector'])).min(1),
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
  }),
  checkpoint: z.strictObject({
    every_steps: z.number().int().min(1),
    keep: z.number().int().min(1),
  }),
  evaluate: z.strictObject({
    /** 0 = only after the last step. */
    every_steps: z.number().int().min(0),
    max_samples: z.number().int().min(0),
    max_new_tokens: z.number().int().min(1),
  }),
  /** Made after the last step; the adapter only by LoRA. */
  artefacts: z.array(z.enum(['adapter', 'merged', 'browser'])),
  device: z.enum(['auto', 'cpu', 'cuda', 'mps']),
})
export type RunConfig = z.infer<typeof RunConfig>
