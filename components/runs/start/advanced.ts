import type { RunConfig } from '../../../server/contracts/run-config.ts'

/** Numbers of the Advanced part, as they are typed. */
export const NUMBER_FIELDS = [
  'epochs',
  'learningRate',
  'batchSize',
  'seed',
  'rank',
  'maxDynamicPatch',
  'patience',
] as const
export type NumberField = (typeof NUMBER_FIELDS)[number]

/** Choices of the Advanced part and what may be chosen; `processes` depends on the machine. */
export const CHOICES = {
  targets: ['language', 'language,vision', 'language,vision,projector'],
  variant: ['plain', 'rslora', 'dora'],
  quantization: ['none', 'nf4'],
  packing: ['true', 'false'],
  lossWeighting: ['token', 'sample', 'square'],
  questionOrder: ['shuffled', 'as_written'],
  precision: ['auto', 'bfloat16', 'float32'],
  keepBest: ['true', 'false'],
  metric: ['loss', 'precision_at_1', 'f1', 'mean_iou'],
} as const
export type ChoiceField = keyof typeof CHOICES

/** Everything of the Advanced part as text; empty = the preset's value. */
export type Advanced = Record<NumberField | ChoiceField | 'processes', string>

/** The contract's own limits, for the words beside a field that breaks them. */
export const LIMITS: Record<NumberField, { least: number; most: number }> = {
  epochs: { least: 0.1, most: 1000 },
  learningRate: { least: 1e-7, most: 1 },
  batchSize: { least: 1, most: 4096 },
  seed: { least: 0, most: 2 ** 31 },
  rank: { least: 1, most: 1024 },
  maxDynamicPatch: { least: 1, most: 40 },
  patience: { least: 1, most: 1000 },
}

export const NO_ADVANCED: Advanced = {
  epochs: '',
  learningRate: '',
  batchSize: '',
  seed: '',
  rank: '',
  maxDynamicPatch: '',
  patience: '',
  processes: '',
  targets: '',
  variant: '',
  quantization: '',
  packing: '',
  lossWeighting: '',
  questionOrder: '',
  precision: '',
  keepBest: '',
  metric: '',
}

/** For the contract, which judges it: text that is no number stays text, so that it is refused. */
export function overridesOf(advanced: Advanced): Record<string, unknown> {
  const { targets, packing, keepBest } = advanced
  return {
    ...Object.fromEntries(
      [...NUMBER_FIELDS, 'processes' as const].map((field) => [field, numberOrNull(advanced[field])]),
    ),
    targets: targets === '' ? null : targets.split(','),
    packing: flagOrNull(packing),
    keepBest: flagOrNull(keepBest),
    variant: advanced.variant || null,
    quantization: advanced.quantization || null,
    lossWeighting: advanced.lossWeighting || null,
    questionOrder: advanced.questionOrder || null,
    precision: advanced.precision || null,
    metric: advanced.metric || null,
  }
}

/** What a run was started with, as the sheet would show it; also what holds while a field is empty. */
export function advancedOf({ train, method, sequence, checkpoint, evaluate, parallel }: RunConfig): Advanced {
  const lora = method.kind === 'lora' ? method : null
  return {
    epochs: String(train.epochs),
    learningRate: String(train.learning_rate),
    batchSize: String(train.batch_size),
    seed: String(train.seed),
    rank: lora ? String(lora.rank) : '',
    maxDynamicPatch: String(sequence.max_dynamic_patch),
    patience: evaluate.patience === null ? '' : String(evaluate.patience),
    processes: String(parallel.processes),
    targets: lora ? lora.targets.join(',') : '',
    variant: lora ? (lora.use_dora ? 'dora' : lora.use_rslora ? 'rslora' : 'plain') : '',
    quantization: lora ? lora.quantization : '',
    packing: String(sequence.packing),
    lossWeighting: train.loss_weighting,
    questionOrder: train.question_order,
    precision: train.precision,
    keepBest: String(checkpoint.keep_best),
    metric: evaluate.metric,
  }
}

function numberOrNull(text: string): number | string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : trimmed
}

function flagOrNull(text: string): boolean | null {
  return text === '' ? null : text === 'true'
}
