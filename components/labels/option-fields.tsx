'use client'

import { Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { RouterOutputs } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Input } from '../ui/input.tsx'
import type { AttributeDraft } from './attribute-draft.ts'

type Options = AttributeDraft['options']

export interface OptionFieldsProps {
  options: Options
  usage: RouterOutputs['attributes']['usage'][number] | undefined
  onChange: (options: Options) => void
}

/** One line an option, with the boxes that have it; a line that is changed renames its option. */
export function OptionFields({ options, usage, onChange }: OptionFieldsProps) {
  const t = useTranslations('labels.attributes')
  const add = () =>
    onChange([...options, { key: Math.max(-1, ...options.map(({ key }) => key)) + 1, text: '', was: null }])
  return (
    <fieldset className="flex w-full max-w-sm flex-col gap-1">
      <legend className="mb-1 font-medium">{t('options')}</legend>
      {options.map(({ key, text, was }, place) => {
        const boxes = usage?.values.find(({ value }) => value === was)?.boxes ?? 0
        return (
          <div key={key} className="flex items-center gap-2">
            <Input
              aria-label={t('option', { number: place + 1 })}
              value={text}
              onChange={(event) =>
                onChange(
                  options.map((option) =>
                    option.key === key ? { ...option, text: event.target.value } : option,
                  ),
                )
              }
            />
            {boxes > 0 && (
              <span className="whitespace-nowrap text-muted text-sm">{t('boxes', { count: boxes })}</span>
            )}
            <IconButton
              icon={<X />}
              label={t('removeOption', { number: place + 1 })}
              onClick={() => onChange(options.filter((option) => option.key !== key))}
            />
          </div>
        )
      })}
      <Button size="sm" variant="ghost" icon={<Plus />} className="self-start" onClick={add}>
        {t('addOption')}
      </Button>
    </fieldset>
  )
}
