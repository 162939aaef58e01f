import { z } from 'zod'

const Bytes = z.number().int().min(0)
const Seconds = z.number().min(0)

/**
 * What a part of the memory holds. runtime: libraries, allocator and driver; kv_cache: keys and values of the
 * answers that an evaluation generates.
 */
export const MemoryPart = z.enum([
  'weights',
  'gradients',
  'optimizer',
  'activations_vision',
  'activations_language',
  'logits',
  'kv_cache',
  'pixels',
  'runtime',
])
export type MemoryPart = z.infer<typeof MemoryPart>

/** What `python -m refbox_trainer estimate RUN.json` prints. All memory is per process, of which each has one GPU. */
export const RunEstimate = z.object({
  schema_version: z.literal(1),
  run_id: z.string(),
  device: z.object({ kind: z.enum(['cpu', 'cuda', 'mps']), name: z.string() }),
  processes: z.number().int().min(1),
  strategy: z.enum(['single', 'ddp', 'fsdp']),
  precision: z.enum(['float32', 'bfloat16']),

  /** The moment that needs most, in parts whose bytes add up to `total_bytes`; parts of no bytes are left out. */
  parts: z.array(z.object({ name: MemoryPart, bytes: Bytes, detail: z.string() })).min(1),
  total_bytes: Bytes,
  /** Which moment that is, and what each of them needs. */
  peak: z.enum(['load', 'training', 'evaluation']),
  phases: z.object({ load: Bytes, training: Bytes, evaluation: Bytes }),
  /** Memory of one device; of a CPU what the system has, shared by all processes. */
  device_bytes: Bytes,
  fits: z.boolean(),
  /** formula: from shapes alone; measured: two steps were really made on this device. */
  basis: z.enum(['formula', 'measured']),
  /** The two steps, when they were made: what the formulas said of them, and what they took. */
  measurement: z
    .object({
      peak_bytes: Bytes,
      estimated_bytes: Bytes,
      seconds_per_step: Seconds,
      tokens_per_second: Seconds,
    })
    .nullable(),

  parameters: z.object({
    total: z.number().int().min(0),
    trainable: z.number().int().min(0),
    language: z.number().int().min(0),
    vision: z.number().int().min(0),
    projector: z.number().int().min(0),
  }),
  /** Counted from the records, not guessed. */
  data: z.object({
    samples: z.number().int().min(0),
    refused: z.number().int().min(0),
    mean_tokens: z.number().min(0),
    mean_tiles: z.number().min(0),
    longest_tokens: z.number().int().min(0),
    most_tiles: z.number().int().min(0),
    /** The heaviest micro-batch of the first epoch, padding included. */
    micro_batch_tokens: z.number().int().min(0),
    micro_batch_tiles: z.number().int().min(0),
    micro_batch_supervised: z.number().int().min(0),
  }),
  time: z.object({
    steps: z.number().int().min(0),
    /** null = nothing is known of this device's speed: give --seconds-per-step, --flops or --measure. */
    seconds_per_step: Seconds.nullable(),
    training_seconds: Seconds.nullable(),
    basis: z.enum(['unknown', 'given', 'rate', 'measured']),
    /** Floating point operations of one optimizer step, over all processes. */
    flops_per_step: z.number().min(0),
  }),
  disk: z.object({
    checkpoint_bytes: Bytes,
    /** All that the run leaves, and one more checkpoint, as a new one is complete before an old one goes. */
    total_bytes: Bytes,
    artefacts: z.record(z.string(), Bytes),
    free_bytes: Bytes,
    fits: z.boolean(),
  }),
  /** What the figures take for granted, in plain English sentences. */
  assumptions: z.array(z.string()),
})
export type RunEstimate = z.infer<typeof RunEstimate>
