import { z } from 'zod'
import { ParityReport } from './artefact.ts'
import { Sha256 } from './ids.ts'
import { EvalMetrics } from './run-events.ts'

export const BundleDtype = z.enum(['fp32', 'fp16', 'int8', 'q4f16'])
export type BundleDtype = z.infer<typeof BundleDtype>

/** manifest.json of a browser bundle: all that the page needs to run the model and to trust it. */
export const BrowserBundle = z.object({
  schema_version: z.literal(1),
  name: z.string(),
  architecture: z.object({
    hidden_size: z.number().int(),
    num_layers: z.number().int(),
    num_kv_heads: z.number().int(),
    head_dim: z.number().int(),
    vocab_size: z.number().int(),
  }),
  image: z.object({
    /** Side of one tile in pixels. */
    size: z.number().int(),
    num_image_token: z.number().int(),
    min_dynamic_patch: z.number().int(),
    max_dynamic_patch: z.number().int(),
    use_thumbnail: z.boolean(),
    mean: z.tuple([z.number(), z.number(), z.number()]),
    std: z.tuple([z.number(), z.number(), z.number()]),
  }),
  tokens: z.object({
    image_context: z.number().int(),
    end: z.number().int(),
    names: z.object({ img_start: z.string(), img_end: z.string(), image_context: z.string() }),
  }),
  template: z.object({
    name: z.string(),
    prefix: z.string(),
    suffix: z.string(),
    end: z.string(),
  }),
  files: z.array(
    z.object({
      file: z.string(),
      role: z.enum(['vision', 'embed', 'decoder', 'tokenizer', 'config']),
      dtype: z.string(),
      bytes: z.number().int(),
      sha256: Sha256,
    }),
  ),
  /** The same model in several precisions; empty in bundles of before there were any. The first is the default. */
  editions: z
    .array(
      z.object({
        dtype: BundleDtype,
        suited_to: z.array(z.enum(['wasm', 'webgpu'])),
        /** Entries of `files`: the three graphs and the weights beside them. */
        files: z.array(z.string()),
        bytes: z.number().int(),
        parity: z.object({
          max_logit_gap: z.number(),
          /** Mean Kullback-Leibler divergence of the next token from the model's, in nats. */
          divergence: z.number(),
          samples: z.number().int(),
          tolerance: z.number(),
          passed: z.boolean(),
        }),
        self_test_tolerance: z.number(),
        /** Its answers to held-out questions; null when none were asked. */
        answers: z.object({ questions: z.number().int(), metrics: EvalMetrics.nullable() }).nullable(),
      }),
    )
    .default([]),
  self_test: z.object({
    input_ids: z.array(z.number().int()),
    logits_last: z.array(z.number()),
    tolerance: z.number(),
  }),
  parity: ParityReport,
})
export type BrowserBundle = z.infer<typeof BrowserBundle>
