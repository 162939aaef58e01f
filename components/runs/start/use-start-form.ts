'use client'

import { useState } from 'react'
import { RunPreset, StartRun } from '../../../server/contracts/run.ts'
import type { Run } from '../use-live-run.ts'
import { type Advanced, advancedOf, NO_ADVANCED, type NumberField, overridesOf } from './advanced.ts'

export interface StartFields {
  baseModelId: string | null
  versionId: string | null
  preset: RunPreset
  name: string
  advanced: Advanced
}

export type StartForm = ReturnType<typeof useStartForm>

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
    ...overridesOf(fields.advanced),
  })
  const invalid = new Set(input.success ? [] : input.error.issues.map((issue) => String(issue.path[0])))
  return {
    fields,
    /** What to send, or null while something is missing or wrong. */
    input: input.success ? input.data : null,
    isInvalid: (field: NumberField) => invalid.has(field),
    set: (change: Partial<StartFields>) => setTyped({ ...typed, ...change }),
    setAdvanced: (change: Partial<Advanced>) =>
      setTyped({ ...typed, advanced: { ...typed.advanced, ...change } }),
  }
}

const EMPTY: StartFields = {
  baseModelId: null,
  versionId: null,
  preset: RunPreset.enum.lora,
  name: '',
  advanced: NO_ADVANCED,
}

function fieldsOf(run: Run): StartFields {
  return {
    baseModelId: run.baseModel.id,
    versionId: run.datasets[0]?.version.id ?? null,
    preset: run.preset,
    name: run.name,
    advanced: advancedOf(run.config),
  }
}
