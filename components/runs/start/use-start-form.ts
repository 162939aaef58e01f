'use client'

import { useState } from 'react'
import { RunPreset, StartRun } from '../../../server/contracts/run.ts'
import type { Run } from '../use-live-run.ts'

/** Fields of the Advanced part, as they are typed; empty = the preset's value. */
export const ADVANCED = ['epochs', 'learningRate', 'rank', 'batchSize', 'maxDynamicPatch', 'seed'] as const
export type AdvancedField = (typeof ADVANCED)[number]

/** The contract's own limits, for the words beside a field that breaks them. */
export const LIMITS: Record<AdvancedField, { least: number; most: number }> = {
  epochs: { least: 0.1, most: 1000 },
  learningRate: { least: 1e-7, most: 1 },
  rank: { least: 1, most: 1024 },
  batchSize: { least: 1, most: 4096 },
  maxDynamicPatch: { least: 1, most: 40 },
  seed: { least: 0, most: 2 ** 31 },
}

export interface StartFields {
  baseModelId: string | null
  versionId: string | null
  preset: RunPreset
  name: string
  advanced: Record<AdvancedField, string>
}

/** What the sheet holds. A clone begins with everything of the run it copies. */
export function useStartForm(
  projectId: string,
  defaults: Pick<StartFields, 'baseModelId' | 'versionId'>,
  cloneOf?: Run,
) {
  const [typed, setTyped] = useState<StartFields>(() => (cloneOf ? fieldsOf(cloneOf) : EMPTY))
  const fields: StartFields = {
    ...typed,
    baseModelId: typed.baseModelId ?? defaults.baseModelId,
    versionId: typed.versionId ?? defaults.versionId,
  }
  const input = StartRun.safeParse({
    projectId,
    versionId: fields.versionId,
    baseModelId: fields.baseModelId,
    preset: fields.preset,
    name: fields.name,
    ...Object.fromEntries(ADVANCED.map((field) => [field, numberOrNull(fields.advanced[field])])),
  })
  const invalid = new Set(input.success ? [] : input.error.issues.map((issue) => String(issue.path[0])))
  return {
    fields,
    /** What to send, or null while something is missing or wrong. */
    input: input.success ? input.data : null,
    isInvalid: (field: AdvancedField) => invalid.has(field),
    set: (change: Partial<StartFields>) => setTyped({ ...typed, ...change }),
    setAdvanced: (field: AdvancedField, text: string) =>
      setTyped({ ...typed, advanced: { ...typed.advanced, [field]: text } }),
  }
}

const NO_ADVANCED: Record<AdvancedField, string> = {
  epochs: '',
  learningRate: '',
  rank: '',
  batchSize: '',
  maxDynamicPatch: '',
  seed: '',
}
const EMPTY: StartFields = {
  baseModelId: null,
  versionId: null,
  preset: RunPreset.enum.lora,
  name: '',
  advanced: NO_ADVANCED,
}

/** Text that is no number stays text, so that the contract refuses it. */
function numberOrNull(text: string): number | string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : trimmed
}

function fieldsOf(run: Run): StartFields {
  const { train, method, sequence } = run.config
  return {
    baseModelId: run.baseModel.id,
    versionId: run.datasets[0]?.version.id ?? null,
    preset: run.preset,
    name: run.name,
    advanced: {
      epochs: String(train.epochs),
      learningRate: String(train.learning_rate),
      rank: method.kind === 'lora' ? String(method.rank) : '',
      batchSize: String(train.batch_size),
      maxDynamicPatch: String(sequence.max_dynamic_patch),
      seed: String(train.seed),
    },
  }
}
