'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import {
  type ChartClass,
  type ChartSource,
  DEFAULT_CLASSES,
  DrawOptions,
} from '../../server/contracts/chart.ts'
import type { PromptLanguage } from '../../server/contracts/project.ts'

/** A class as the dialog shows it: what is off keeps its name and shapes. */
export interface ClassChoice extends ChartClass {
  isOn: boolean
}

export interface DrawForm {
  files: ChartSource[]
  pasted: string
  classes: ClassChoice[]
  options: Omit<DrawOptions, 'classes'>
}

/** What is sent, and whether it may be. */
export interface DrawOrder {
  sources: ChartSource[]
  options: DrawOptions
}

export interface DrawFormState {
  form: DrawForm
  change: (part: Partial<DrawForm>) => void
  changeOptions: (part: Partial<DrawForm['options']>) => void
  /** Null while a field is wrong. */
  order: DrawOrder | null
  /** Which part is wrong. */
  areClassesWrong: boolean
}

/** Enough to see the whole way, quick enough to wait for. */
const USUAL_RANDOM = 100

/** @param language of the project's prompts, which its classes should share */
export function useDrawForm(language: PromptLanguage): DrawFormState {
  const t = useTranslations('charts.sources')
  const [form, setForm] = useState<DrawForm>(() => {
    const { classes, ...options } = DrawOptions.parse({ language, random: USUAL_RANDOM })
    return {
      files: [],
      pasted: '',
      classes: [...DEFAULT_CLASSES].map((one) => ({ ...one, isOn: true })),
      options: { ...options, texts: language },
    }
  })
  const classes = form.classes.filter(({ isOn, things }) => isOn && things.length > 0)
  const parsed = DrawOptions.safeParse({
    ...form.options,
    classes: classes.map(({ names, things }) => ({ names, things })),
  })
  const pasted = form.pasted.trim() === '' ? [] : [{ name: t('pasted'), text: form.pasted }]
  return {
    form,
    change: (part) => setForm((before) => ({ ...before, ...part })),
    changeOptions: (part) => setForm((before) => ({ ...before, options: { ...before.options, ...part } })),
    order: parsed.success ? { sources: [...form.files, ...pasted], options: parsed.data } : null,
    areClassesWrong: !parsed.success && parsed.error.issues.some(({ path }) => path[0] === 'classes'),
  }
}
