import { z } from 'zod'
import { RunEstimate } from './estimate.ts'
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
    'processes',
    'quantization',
  ]),
  /** Which part of the sheet it belongs to. */
  field: z.enum([
    'model',
    'version',
    'preset',
    'batchSize',
    'maxDynamicPatch',
    'processes',
    'quantization',
    'machine',
  ]),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type RunProblem = z.infer<typeof RunProblem>

/** What a start would do, as far as it is known at once. */
export const RunPreview = z.object({
  config: RunConfig,
  /** One for each process, the first one first. */
  devices: z.array(Device).min(1),
  /** The published script that the preset follows, or that of the nearest size; null for the nano base. */
  published: z.object({ size: z.string(), gpus: z.number().int(), isExact: z.boolean() }).nullable(),
  samples: z.number().int(),
  valSamples: z.number().int(),
  steps: z.number().int(),
  problems: z.array(RunProblem),
})
export type RunPreview = z.infer<typeof RunPreview>

/**
 * What the trainer's own `estimate` says of the same run, or why nothing is known. It reads the whole data set, so it
 * comes some seconds later.
 */
export const RunForecast = z.discriminatedUnion('known', [
  z.object({
    known: z.literal(true),
    estimate: RunEstimate,
    /** From the start to the last artefact; null until a run on this machine was measured. */
    seconds: z.number().nullable(),
    problems: z.array(RunProblem),
  }),
  z.object({
    known: z.literal(false),
    /** Words are in the catalogue under `runs.sheet.unknown`. */
    reason: z.enum(['timeout', 'noPython', 'refused', 'failed']),
    /** What the trainer said, if anything. */
    message: z.string(),
  }),
])
export type RunForecast = z.infer<typeof RunForecast>
