'use client'

import { History } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { Segmented } from '../../ui/segmented.tsx'
import type { Comparison } from './compared-boxes.ts'
import { RevisionList } from './revision-list.tsx'
import type { Sitting } from './sittings.ts'
import type { ComparedSitting } from './use-history.ts'

/** Those that are no work of a person on this very image. */
const ORIGINS = ['import', 'prediction', 'sample', 'label', 'replace', 'attribute'] as const

export interface SittingRowProps {
  sitting: Sitting
  /** The whole sitting or one revision of it; null while it is closed. */
  compared: ComparedSitting | null
  /** What is compared is how the image is now: there is nothing to bring back. */
  isNewest: boolean
  comparison: Comparison | undefined
  onCompare: (compared: ComparedSitting | null) => void
  /** Null = the person may only look. */
  onRestore: ((revision: number) => void) | null
  isRestoring: boolean
}

export function SittingRow(props: SittingRowProps) {
  const { sitting, compared, isNewest, comparison, onCompare, onRestore, isRestoring } = props
  const t = useTranslations('team.history')
  const format = useFormatter()
  const { author, origin, first, last, startedAt, endedAt, counts, revisions } = sitting
  const known = ORIGINS.find((name) => name === origin)
  return (
    <li className={cn('rounded-md border border-transparent', compared && 'border-border bg-sunken')}>
      <button
        type="button"
        aria-expanded={compared !== null}
        onClick={() => onCompare(compared ? null : { first, last, mode: 'own' })}
        className="flex w-full flex-col rounded-md px-2 py-1.5 text-left hover:bg-hover"
      >
        <span className="flex w-full items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">
            {author ? author.name : t(known ? `origins.${known}` : 'gone')}
            {author && known && ` · ${t(`origins.${known}`)}`}
          </span>
          <span data-numeric className="whitespace-nowrap text-muted text-sm">
            {first === last ? t('revision', { last }) : t('revisions', { first, last })}
          </span>
        </span>
        <span className="flex w-full items-baseline gap-2 text-sm">
          <span className="min-w-0 flex-1 truncate text-muted">
            {format.dateTimeRange(startedAt, endedAt, { dateStyle: 'medium', timeStyle: 'short' })}
          </span>
          <span data-numeric className="whitespace-nowrap">
            {t('counts', counts)}
          </span>
        </span>
      </button>
      {compared && (
        <div className="flex flex-col gap-2 px-2 pb-2">
          {revisions.length > 1 && (
            <RevisionList
              revisions={revisions}
              chosen={compared.first === compared.last ? compared.last : null}
              onChoose={(number) =>
                onCompare({ first: number ?? first, last: number ?? last, mode: compared.mode })
              }
            />
          )}
          {!isNewest && (
            <Segmented
              aria-label={t('compare')}
              value={compared.mode}
              onValueChange={(mode) => onCompare({ ...compared, mode })}
              options={[
                { value: 'own', label: t('own') },
                { value: 'since', label: t('since') },
              ]}
            />
          )}
          {comparison && <Legend comparison={comparison} />}
          {onRestore && !isNewest && (
            <Button size="sm" icon={<History />} busy={isRestoring} onClick={() => onRestore(compared.last)}>
              {t('restore')}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}

/** The picture's colours in words. */
function Legend({ comparison }: { comparison: Comparison }) {
  const t = useTranslations('team.history')
  const { added, removed, changed, expressions, boxes } = comparison
  if (boxes.length === 0 && expressions === 0) return <p className="text-muted text-sm">{t('nothing')}</p>
  return (
    <ul role="status" className="text-sm">
      {added > 0 && <li className="text-success">{t('added', { count: added })}</li>}
      {removed > 0 && <li className="text-danger">{t('removed', { count: removed })}</li>}
      {changed > 0 && <li className="text-warning">{t('changed', { count: changed })}</li>}
      {expressions > 0 && <li className="text-muted">{t('expressions', { count: expressions })}</li>}
    </ul>
  )
}
