import { z } from 'zod'
import { ArtefactFile, ArtefactKind, ParityReport } from './artefact.ts'

/** One line of events.jsonl. `seq` counts on over a resume; `time` is UTC, ISO 8601. */
const base = { seq: z.number().int().min(0), time: z.iso.datetime() }

export const EvalMetrics = z.object({
  precision_at_1: z.number(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  mean_iou: z.number(),
  parse_failure_rate: z.number(),
})
export type EvalMetrics = z.infer<typeof EvalMetrics>

const Stage = z.object({
  ...base,
  type: z.literal('stage'),
  name: z.enum(['load', 'check', 'train', 'evaluate', 'merge', 'export', 'predict']),
  state: z.enum(['begin', 'end']),
  detail: z.string().optional(),
})
const Step = z.object({
  ...base,
  type: z.literal('step'),
  step: z.number().int(),
  total_steps: z.number().int(),
  epoch: z.number(),
  loss: z.number(),
  learning_rate: z.number(),
  grad_norm: z.number(),
  tokens_per_second: z.number(),
  samples_per_second: z.number(),
  memory_bytes: z.number(),
  seconds_left: z.number(),
})
const Eval = z.object({
  ...base,
  type: z.literal('eval'),
  step: z.number().int(),
  loss: z.number(),
  samples: z.number().int(),
  metrics: EvalMetrics.nullable(),
})
const Checkpoint = z.object({
  ...base,
  type: z.literal('checkpoint'),
  step: z.number().int(),
  /** Relative to the run folder. */
  path: z.string(),
})
const Artefact = z.object({
  ...base,
  type: z.literal('artefact'),
  name: ArtefactKind,
  path: z.string(),
  files: z.array(ArtefactFile),
  parity: ParityReport.optional(),
})
const Ledger = z.object({
  ...base,
  type: z.literal('ledger'),
  /** One line for each sample that was not plainly used … */
  dataset: z.string().optional(),
  index: z.number().int().optional(),
  outcome: z.enum(['truncated', 'refused']).optional(),
  reason: z.string().optional(),
  /** … and one with the counts. */
  summary: z
    .object({ used: z.number().int(), truncated: z.number().int(), refused: z.number().int() })
    .optional(),
})
/** One held-out question and what the model answered after `step` steps. Boxes are in thousandths, xyxy. */
const Example = z.object({
  ...base,
  type: z.literal('example'),
  step: z.number().int(),
  dataset: z.string(),
  index: z.number().int(),
  image: z.string(),
  expression: z.string(),
  text: z.string(),
  boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  truth: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
})
/** The run changed one of its own settings, because it would not fit otherwise. */
const Adjustment = z.object({
  ...base,
  type: z.literal('adjustment'),
  step: z.number().int(),
  /** Key of run.json. */
  key: z.string(),
  from: z.union([z.number(), z.boolean()]),
  to: z.union([z.number(), z.boolean()]),
  reason: z.string(),
})
/** Nothing else was said for a while; the process lives. */
const Heartbeat = z.object({
  ...base,
  type: z.literal('heartbeat'),
  stage: z.string(),
  /** Since the last event of another type. */
  quiet_seconds: z.number(),
})
const Warning = z.object({
  ...base,
  type: z.literal('warning'),
  code: z.string(),
  message: z.string(),
})
const Failure = z.object({
  ...base,
  type: z.literal('error'),
  code: z.string(),
  message: z.string(),
  what_to_do: z.string(),
})
const Done = z.object({
  ...base,
  type: z.literal('done'),
  status: z.enum(['succeeded', 'stopped']),
  step: z.number().int(),
})

export const RunEvent = z.discriminatedUnion('type', [
  Stage,
  Step,
  Eval,
  Checkpoint,
  Artefact,
  Ledger,
  Example,
  Adjustment,
  Heartbeat,
  Warning,
  Failure,
  Done,
])
export type RunEvent = z.infer<typeof RunEvent>
export type StepEvent = z.infer<typeof Step>
export type EvalEvent = z.infer<typeof Eval>

/** Exit codes of the trainer. A signal other than SIGTERM has no code of its own. */
export const TRAINER_EXIT = {
  ok: 0,
  failed: 1,
  badInput: 2,
  outOfMemory: 3,
  diverged: 4,
  diskFull: 5,
} as const

/** One line of `refbox_trainer check`. */
export const CheckProblem = z.object({
  level: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  message: z.string(),
  /** file:line:field, or the key of run.json. */
  where: z.string().nullable(),
  what_to_do: z.string().nullable(),
})
export type CheckProblem = z.infer<typeof CheckProblem>
