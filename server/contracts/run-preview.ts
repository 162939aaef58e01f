import { z } from 'zod'
import { RunConfig } from './run-config.ts'
import { Device } from './worker.ts'

/** Something about a planned run; the words are in the catalogue under `runs.problems`. */
export const RunProblem = z.object({
  /** An error keeps the run from starting. */
  level: z.enum(['error', 'warning', 'info']),
  code: z.enum([
    'noTrainSamples',
    'noValSamples',
    'fewTrainSamples',
    'tooLong',
    'memory',
    'disk',
    'pythonMissing',
    'modelMissing',
    'workerDown',
    'queue',
    'batch',
    'moreTiles',
  ]),
  /** Which part of the sheet it belongs to. */
  field: z.enum(['model', 'version', 'preset', 'batchSize', 'maxDynamicPatch', 'machine']),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type RunProblem = z.infer<typeof RunProblem>

/** Bytes by what they are for; their sum is compared with the device. */
export const MemoryEstimate = z.object({
  weights: z.number(),
  gradients: z.number(),
  optimizer: z.number(),
  activations: z.number(),
  vision: z.number(),
})
export type MemoryEstimate = z.infer<typeof MemoryEstimate>

export const RunPreview = z.object({
  config: RunConfig,
  device: Device,
  memory: MemoryEstimate,
  seconds: z.number(),
  diskBytes: z.number(),
  diskFreeBytes: z.number(),
  samples: z.number().int(),
  valSamples: z.number().int(),
  /** Samples with more tokens than fit. */
  tooLong: z.number().int(),
  steps: z.number().int(),
  /** rough: from sizes alone; measured: from a finished run on this machine. */
  basis: z.enum(['rough', 'measured']),
  problems: z.array(RunProblem),
})
export type RunPreview = z.infer<typeof RunPreview>
