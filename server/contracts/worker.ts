import { z } from 'zod'
import { FetchModel } from './fetch-event.ts'
import { BaseModelId, ProjectId, RunId } from './ids.ts'
import { PredictionModel } from './prediction.ts'
import { ModelRef, PrelabelResult } from './suggestion.ts'

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
  /** Fetches a base model from a hub into models/<folder>. */
  FetchModel.extend({
    kind: z.literal('fetch-model'),
    /** A plain name without a dot in front: what begins with one is not looked at as a model. */
    folder: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}$/),
  }),
  /** Asks a model for boxes on many images; its questions lie in the data folder, under `prelabelId`. */
  z.object({
    kind: z.literal('prelabel'),
    prelabelId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    projectId: ProjectId,
    model: ModelRef,
    modelName: z.string(),
    /** Held like a run holds it. */
    device: Device.shape.id,
    images: z.number().int(),
    questions: z.number().int(),
    expressions: z.array(z.string()),
  }),
])
export type TaskPayload = z.infer<typeof TaskPayload>
export type TaskKind = TaskPayload['kind']

/** cancelling: a person wants it to end, and its process still lives. */
export const TaskStatus = z.enum(['queued', 'running', 'cancelling', 'cancelled', 'succeeded', 'failed'])
export type TaskStatus = z.infer<typeof TaskStatus>

/** Questions answered or bytes fetched; `total` is 0 while it is not known, `rate` is in the same unit a second. */
export const TaskProgress = z.object({
  done: z.number().int().min(0),
  total: z.number().int().min(0),
  rate: z.number().min(0).optional(),
})
export type TaskProgress = z.infer<typeof TaskProgress>

/** What a kind of task has to tell when it has succeeded. */
export const TaskResult = PrelabelResult
export type TaskResult = z.infer<typeof TaskResult>
