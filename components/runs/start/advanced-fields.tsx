'use client'

import { useTranslations } from 'next-intl'
import type { RunPreview } from '../../../server/contracts/run-preview.ts'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { ProblemList } from './problem-list.tsx'
import { ADVANCED, type AdvancedField, LIMITS, type useStartForm } from './use-start-form.ts'

/** Everything that has a good default, each with a sentence of help. */
export function AdvancedFields({
  form,
  preview,
}: {
  form: ReturnType<typeof useStartForm>
  preview: RunPreview | undefined
}) {
  const t = useTranslations('runs.sheet')
  const isFull = form.fields.preset === 'full'
  const shown = ADVANCED.filter((field) => field !== 'rank' || !isFull)
  return (
    <details>
      <summary className="font-medium">{t('advanced')}</summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        {shown.map((field) => (
          <div key={field}>
            <Field
              label={t(`fields.${field}.label`)}
              hint={t(`fields.${field}.help`)}
              error={form.isInvalid(field) ? t('invalid', words(LIMITS[field])) : undefined}
            >
              <Input
                inputMode="decimal"
                value={form.fields.advanced[field]}
                placeholder={preview && t('default', { value: presetValue(preview, field) })}
                onChange={(event) => form.setAdvanced(field, event.target.value)}
              />
            </Field>
            {(field === 'batchSize' || field === 'maxDynamicPatch') && preview && (
              <ProblemList problems={preview.problems} field={field} />
            )}
          </div>
        ))}
      </div>
    </details>
  )
}

/** The value that holds while the field is empty. */
function presetValue({ config }: RunPreview, field: AdvancedField): string {
  const { train, method, sequence } = config
  const values: Record<AdvancedField, number> = {
    epochs: train.epochs,
    learningRate: train.learning_rate,
    rank: method.kind === 'lora' ? method.rank : 0,
    batchSize: train.batch_size,
    maxDynamicPatch: sequence.max_dynamic_patch,
    seed: train.seed,
  }
  return String(values[field])
}

function words({ least, most }: { least: number; most: number }): { least: string; most: string } {
  return { least: String(least), most: String(most) }
}
