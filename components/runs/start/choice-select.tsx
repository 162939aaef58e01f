'use client'

import { useTranslations } from 'next-intl'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { CHOICES, type ChoiceField } from './advanced.ts'
import type { StartForm } from './use-start-form.ts'

/** Stands for "as the preset has it"; a select cannot hold the empty string. */
const PRESET = 'preset'

/** One of a few settings, or what the preset has, which is named. */
export function ChoiceSelect({
  field,
  form,
  preset,
  options = field === 'processes' ? [] : CHOICES[field],
}: {
  field: ChoiceField | 'processes'
  form: StartForm
  /** What holds while nothing is chosen. */
  preset: string | undefined
  options?: readonly string[] | undefined
}) {
  const t = useTranslations('runs.sheet')
  const words = (value: string): string =>
    field === 'processes'
      ? t('choices.processes', { count: Number(value) })
      : t.has(`choices.${field}.${keyOf(value)}` as never)
        ? t(`choices.${field}.${keyOf(value)}` as never)
        : value
  return (
    <Field label={t(`fields.${field}.label`)} hint={t(`fields.${field}.help`)}>
      <Select
        value={form.fields.advanced[field] || PRESET}
        onValueChange={(value) => form.setAdvanced({ [field]: value === PRESET ? '' : value })}
        options={[
          {
            value: PRESET,
            label: preset ? t('default', { value: words(preset) }) : t('defaultPlain'),
          },
          ...options.map((value) => ({ value, label: words(value) })),
        ]}
      />
    </Field>
  )
}

/** Parts are joined with commas, which no key of a catalogue has. */
function keyOf(value: string): string {
  return value.replaceAll(',', '-')
}
