import { z } from 'zod'
import { Sha256 } from './ids.ts'

const Bytes = z.number().int().min(0)

/** Where a base model is fetched from. */
export const ModelHub = z.enum(['huggingface', 'modelscope'])
export type ModelHub = z.infer<typeof ModelHub>

/** What is fetched, and at which commit; all files with their sizes. Comes again after each resume. */
const Plan = z.object({
  type: z.literal('plan'),
  source: ModelHub,
  repository: z.string(),
  revision: z.string(),
  /** Left out where the hub does not name it. */
  commit: z.string().optional(),
  folder: z.string(),
  done_bytes: Bytes,
  total_bytes: Bytes,
  files: z.array(z.object({ file: z.string(), bytes: Bytes, sha256: Sha256.nullable() })),
})
const Progress = z.object({
  type: z.literal('progress'),
  file: z.string(),
  done_bytes: Bytes,
  total_bytes: Bytes,
  /** Since this attempt began. */
  bytes_per_second: Bytes,
})
/** The file is whole and its hash is that of the hub. */
const Verified = z.object({
  type: z.literal('verified'),
  file: z.string(),
  bytes: Bytes,
  sha256: Sha256.optional(),
})
/** There is no network: what a person may bring instead. `exact`: these very names, as the hub told them earlier. */
const CopyByHand = z.object({
  type: z.literal('copy_by_hand'),
  repository: z.string(),
  folder: z.string(),
  files: z.array(z.string()).min(1),
  exact: z.boolean(),
})
const Failure = z.object({
  type: z.literal('error'),
  code: z.string(),
  message: z.string(),
  what_to_do: z.string(),
})
const Done = z.object({
  type: z.literal('done'),
  folder: z.string(),
  commit: z.string().optional(),
  files: z.number().int(),
  bytes: Bytes,
})

/** One line of `python -m refbox_trainer fetch`. */
export const FetchEvent = z.discriminatedUnion('type', [Plan, Progress, Verified, CopyByHand, Failure, Done])
export type FetchEvent = z.infer<typeof FetchEvent>

/** A repository as the hubs name it: owner/name. */
const Repository = z
  .string()
  .trim()
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/)

/** What the owner asks for. */
export const FetchModel = z.object({
  source: ModelHub.default('huggingface'),
  repository: Repository,
  /** Branch, tag or commit; null = the newest. */
  revision: z.string().trim().min(1).max(200).nullable().default(null),
})
export type FetchModel = z.infer<typeof FetchModel>

/** Why a fetch failed, as data: the page says it with a list of what to bring. Kept as JSON in the task's reason. */
export const FetchFailure = z.object({
  code: z.string(),
  message: z.string(),
  whatToDo: z.string(),
  copyByHand: CopyByHand.omit({ type: true }).nullable(),
})
export type FetchFailure = z.infer<typeof FetchFailure>

/** refbox-source.json: what a fetched folder says about where it came from. */
export const FetchRecord = z.object({
  source: ModelHub,
  repository: z.string(),
  revision: z.string(),
  commit: z.string().nullable(),
})
export type FetchRecord = z.infer<typeof FetchRecord>
