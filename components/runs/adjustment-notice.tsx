'use client'

import { Wrench } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { RunHistory } from './fold-events.ts'

/** The only setting that a run may give way on and that changes what it learns. */
const TILES = 'sequence.max_dynamic_patch'

/** What the run changed about itself because it would not have fitted otherwise. */
export function AdjustmentNotice({ history }: { history: RunHistory }) {
  const t = useTranslations('runs.adjustments')
  if (history.adjustments.length === 0) return null
  const value = (of: number | boolean) => (typeof of === 'boolean' ? t(of ? 'on' : 'off') : String(of))
  return (
    <section role="status" className="rounded-lg bg-warning-soft px-3 py-2">
      <h2 className="flex items-center gap-2 font-medium text-warning">
        <Wrench aria-hidden className="size-4" /> {t('title')}
      </h2>
      <ul className="mt-1 space-y-0.5">
        {history.adjustments.map(({ seq, step, key, from, to, reason }) => (
          <li key={seq}>
            <code>{key}</code>{' '}
            <span className="tabular-nums">
              <s className="text-muted">{value(from)}</s> → <strong>{value(to)}</strong>
            </span>{' '}
            <span className="text-muted text-sm">
              {t('when', { step })} · {reason}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-muted text-sm">
        {t(history.adjustments.some(({ key }) => key === TILES) ? 'tiles' : 'same')}
      </p>
    </section>
  )
}
