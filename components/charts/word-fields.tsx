'use client'

import { useTranslations } from 'next-intl'
import { PromptLanguage } from '../../server/contracts/project.ts'
import { LANGUAGE_NAMES } from '../i18n/use-language.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Switch } from '../ui/switch.tsx'
import { Choice } from './choice.tsx'
import type { DrawFormState } from './use-draw-form.ts'

/** What is said about the pictures, and in which language. */
export function WordFields({ state }: { state: DrawFormState }) {
  const t = useTranslations('charts.words')
  const { language, texts, phrases, negatives } = state.form.options
  const change = state.changeOptions
  const languages = PromptLanguage.options.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))
  return (
    <div className="flex flex-col gap-4">
      <Choice label={t('language')}>
        <Segmented
          aria-label={t('language')}
          value={language}
          onValueChange={(value) => change({ language: value })}
          options={languages}
        />
      </Choice>
      <Choice label={t('texts')}>
        <Segmented
          aria-label={t('texts')}
          value={texts}
          onValueChange={(value) => change({ texts: value })}
          options={[...languages, { value: 'both' as const, label: t('both') }]}
        />
      </Choice>
      <Choice label={t('phrases')}>
        <Segmented
          aria-label={t('phrases')}
          value={phrases}
          onValueChange={(value) => change({ phrases: value })}
          options={(['none', 'some', 'many'] as const).map((value) => ({
            value,
            label: t(`amounts.${value}`),
          }))}
        />
      </Choice>
      <Switch
        checked={negatives}
        onCheckedChange={(value) => change({ negatives: value })}
        label={t('negatives')}
      />
    </div>
  )
}
