'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Select } from '../../ui/select.tsx'
import type { ExampleGroup } from '../fold-events.ts'
import { ExampleCard } from './example-card.tsx'

const NEWEST = 'newest'

/** What the model answers to the same held-out questions, evaluation by evaluation. */
export function ExampleList({ runId, groups }: { runId: string; groups: readonly ExampleGroup[] }) {
  const t = useTranslations('runs.examples')
  const [chosen, setChosen] = useState(NEWEST)
  const shown = groups.find(({ step }) => String(step) === chosen) ?? groups.at(-1)
  if (!shown) return <p className="text-muted">{t('none')}</p>
  return (
    <section className="space-y-3">
      <div className="flex flex-wrap items-center gap-3">
        <Select
          aria-label={t('which')}
          value={chosen}
          onValueChange={setChosen}
          options={[
            { value: NEWEST, label: t('newest') },
            ...groups.map(({ step }) => ({ value: String(step), label: t('step', { step }) })).reverse(),
          ]}
          className="w-48"
        />
        <p className="flex items-center gap-3 text-muted text-sm">
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="h-0.5 w-4 bg-success" /> {t('truth')}
          </span>
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="h-0.5 w-4 bg-accent" /> {t('answer')}
          </span>
        </p>
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {shown.examples.map((example) => (
          <ExampleCard
            key={`${example.dataset} ${example.index} ${example.expression}`}
            runId={runId}
            example={example}
          />
        ))}
      </ul>
    </section>
  )
}
