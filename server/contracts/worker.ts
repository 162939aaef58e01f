import { z } from 'zod'
import { BaseModelId, RunId } from './ids.ts'
import { PredictionModel } from './prediction.ts'

/** Something a run can wait for and hold. `cpu`, `mps`, or `cuda:N` as the trainer numbers them. */
export const Device = z.object({
  id: z.string().regex(/^(cpu|mps|cuda:\d+)$/),
  /** What a person calls it: the processor's or the graphics card's own name. */
  name: z.string(),
  /** Bytes a run may fill: RAM for cpu and mps, the card's memory for cuda. */
  memoryBytes: z.number().int().min(0),
  /** Processor cores (cpu, mps) or 0. */
  cores: z.number().int().min(0),
})
export type Device = z.infer<typeof Device>

/** Seconds between two heartbeats of the worker; three missed ones and it counts as down. */
export const HEARTBEAT_SECONDS = 5
export const WORKER_DOWN_AFTER_SECONDS = 3 * HEARTBEAT_SECONDS

/** Work besides runs that the web process hands to the worker. `kind` is repeated in the row's column. */
export const TaskPayload = z.discriminatedUnion('kind', [
  /** Makes the browser bundle of a base model, once, in models/<id>/browser. */
  z.object({ kind: z.literal('export-base'), baseModelId: BaseModelId }),
  /** Predictions of the base or the tuned model on the validation split of a run, made here. */
  z.object({ kind: z.literal('predict'), runId: RunId, model: PredictionModel }),
])
export type TaskPayload = z.infer<typeof TaskPayload>
export type TaskKind = TaskPayload['kind']

export const TaskStatus = z.enum(['queued', 'running', 'succeeded', 'failed'])
export type TaskStatus = z.infer<typeof TaskStatus>

/** `total` is 0 while it is not known. */
export const TaskProgress = z.object({ done: z.number().int().min(0), total: z.number().int().min(0) })
export type TaskProgress = z.infer<typeof TaskProgress>
