'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { RunPreview } from '../../../server/contracts/run-preview.ts'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { type Advanced, advancedOf, LIMITS, type NumberField } from './advanced.ts'
import { ChoiceSelect } from './choice-select.tsx'
import { ProblemList } from './problem-list.tsx'
import type { StartForm } from './use-start-form.ts'

/** Everything that has a good default, each with a sentence of help. */
export function AdvancedFields({
  form,
  preview,
  cards,
}: {
  form: StartForm
  preview: RunPreview | undefined
  /** Graphics cards that one run could hold together. */
  cards: number
}) {
  const t = useTranslations('runs.sheet')
  const isFull = form.fields.preset === 'full'
  const defaults = preview && advancedOf(preview.config)
  const hasCuda = preview?.devices[0]?.id.startsWith('cuda:') ?? false
  const problems = preview?.problems ?? []
  const number = (field: NumberField) => (
    <NumberInput key={field} field={field} form={form} placeholder={defaults?.[field]} />
  )
  const choice = (field: Parameters<typeof ChoiceSelect>[0]['field'], options?: readonly string[]) => (
    <ChoiceSelect key={field} field={field} form={form} preset={defaults?.[field]} options={options} />
  )
  return (
    <details>
      <summary className="font-medium">{t('advanced')}</summary>
      <div className="mt-3 space-y-5">
        <Group title={t('groups.training')}>
          {number('epochs')}
          {number('learningRate')}
          <div>
            {number('batchSize')}
            <ProblemList problems={problems} field="batchSize" />
          </div>
          {number('seed')}
        </Group>
        {!isFull && (
          <Group title={t('groups.adapters')}>
            {number('rank')}
            {choice('targets')}
            {choice('variant')}
            {hasCuda && (
              <div>
                {choice('quantization')}
                <ProblemList problems={problems} field="quantization" />
              </div>
            )}
          </Group>
        )}
        <Group title={t('groups.sequence')}>
          <div>
            {number('maxDynamicPatch')}
            <ProblemList problems={problems} field="maxDynamicPatch" />
          </div>
          {choice('packing')}
          {choice('lossWeighting')}
          {choice('questionOrder')}
        </Group>
        <Group title={t('groups.best')}>
          {choice('keepBest')}
          {number('patience')}
          {choice('metric')}
        </Group>
        <Group title={t('groups.machine')}>
          {choice('precision')}
          {cards > 1 && (
            <div>
              {choice(
                'processes',
                Array.from({ length: cards }, (_, index) => String(index + 1)),
              )}
              <ProblemList problems={problems} field="processes" />
            </div>
          )}
        </Group>
      </div>
    </details>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-2 text-muted text-sm">{title}</legend>
      <div className="grid gap-4 sm:grid-cols-2">{children}</div>
    </fieldset>
  )
}

function NumberInput({
  field,
  form,
  placeholder,
}: {
  field: NumberField
  form: StartForm
  placeholder: Advanced[NumberField] | undefined
}) {
  const t = useTranslations('runs.sheet')
  const { least, most } = LIMITS[field]
  return (
    <Field
      label={t(`fields.${field}.label`)}
      hint={t(`fields.${field}.help`)}
      error={form.isInvalid(field) ? t('invalid', { least: String(least), most: String(most) }) : undefined}
    >
      <Input
        inputMode="decimal"
        value={form.fields.advanced[field]}
        placeholder={placeholder ? t('default', { value: placeholder }) : t('none')}
        onChange={(event) => form.setAdvanced({ [field]: event.target.value })}
      />
    </Field>
  )
}
