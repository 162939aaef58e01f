'use client'

import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import type { ConversationOptions, VersionOptions } from '../../server/contracts/version.ts'
import { PROMPTS } from '../../server/grounding/prompts.ts'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Switch } from '../ui/switch.tsx'

type Conversation = z.infer<typeof ConversationOptions>

export interface VersionOptionFieldsProps {
  options: VersionOptions
  onChange: (options: VersionOptions) => void
}

/** The choices of a version, in the order in which they matter. */
export function VersionOptionFields({ options, onChange }: VersionOptionFieldsProps) {
  const t = useTranslations('dataset')
  const { conversation, include, validationShare, seed } = options
  const change = (part: Partial<VersionOptions>) => onChange({ ...options, ...part })
  const converse = (part: Partial<Conversation>) => change({ conversation: { ...conversation, ...part } })
  return (
    <>
      <Choice label={t('fields.include')} hint={t(`fields.includeHints.${include}`)}>
        <Segmented
          aria-label={t('fields.include')}
          value={include}
          onValueChange={(value) => change({ include: value })}
          options={(['annotated', 'finished'] as const).map((value) => ({
            value,
            label: t(`fields.includes.${value}`),
          }))}
        />
      </Choice>
      <Choice label={t('fields.style')} hint={t(`fields.styleHints.${conversation.style}`)}>
        <Segmented
          aria-label={t('fields.style')}
          value={conversation.style}
          onValueChange={(style) => converse({ style })}
          options={(['referring', 'detection'] as const).map((value) => ({
            value,
            label: t(`styles.${value}`),
          }))}
        />
      </Choice>
      {conversation.style === 'detection' && (
        <Switch
          checked={conversation.fence}
          onCheckedChange={(fence) => converse({ fence })}
          label={t('fields.fence')}
        />
      )}
      <Choice label={t('fields.language')} hint={PROMPTS[conversation.language][conversation.style]}>
        <Segmented
          aria-label={t('fields.language')}
          value={conversation.language}
          onValueChange={(language) => converse({ language })}
          options={(['en', 'zh'] as const).map((value) => ({ value, label: t(`languages.${value}`) }))}
        />
      </Choice>
      <Switch
        checked={conversation.negatives}
        onCheckedChange={(negatives) => converse({ negatives })}
        label={t('fields.negatives')}
      />
      {conversation.negatives && (
        <Field label={t('fields.negativeAnswer')} hint={t('fields.negativeAnswerHint')}>
          <Input
            value={conversation.negativeAnswer ?? ''}
            maxLength={200}
            placeholder={PROMPTS[conversation.language].negative}
            onChange={({ target }) => converse({ negativeAnswer: target.value === '' ? null : target.value })}
          />
        </Field>
      )}
      <div className="grid grid-cols-2 gap-4">
        <Field label={t('fields.validation')} hint={t('fields.validationHint')}>
          <Input
            type="number"
            min={0}
            max={50}
            step={1}
            value={Math.round(validationShare * 100)}
            onChange={({ target }) =>
              change({ validationShare: Math.min(50, Math.max(0, target.valueAsNumber || 0)) / 100 })
            }
          />
        </Field>
        <Field label={t('fields.seed')} hint={t('fields.seedHint')}>
          <Input
            type="number"
            min={0}
            step={1}
            value={seed}
            onChange={({ target }) => change({ seed: Math.max(0, Math.floor(target.valueAsNumber || 0)) })}
          />
        </Field>
      </div>
    </>
  )
}

/** A heading over controls that carry their own accessible name. */
function Choice({ label, hint, children }: { label: string; hint: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-1">
      <span aria-hidden className="font-medium">
        {label}
      </span>
      {children}
      <p className="text-muted text-sm">{hint}</p>
    </div>
  )
}
