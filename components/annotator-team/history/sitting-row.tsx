'use client'

import { History } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { Segmented } from '../../ui/segmented.tsx'
import type { Comparison } from './compared-boxes.ts'
import type { Sitting } from './sittings.ts'
import type { CompareMode } from './use-history.ts'

const ORIGINS = ['editor', 'import', 'prediction', 'sample'] as const

export interface SittingRowProps {
  sitting: Sitting
  isNewest: boolean
  /** Null while it is closed. */
  mode: CompareMode | null
  comparison: Comparison | undefined
  onToggle: () => void
  onMode: (mode: CompareMode) => void
  /** Null = the person may only look. */
  onRestore: ((revision: number) => void) | null
  isRestoring: boolean
}

export function SittingRow(props: SittingRowProps) {
  const { sitting, isNewest, mode, comparison, onToggle, onMode, onRestore, isRestoring } = props
  const t = useTranslations('team.history')
  const format = useFormatter()
  const { author, origin, first, last, startedAt, endedAt, counts } = sitting
  const known = ORIGINS.find((name) => name === origin)
  return (
    <li className={cn('rounded-md border border-transparent', mode && 'border-border bg-sunken')}>
      <button
        type="button"
        aria-expanded={mode !== null}
        onClick={onToggle}
        className="flex w-full flex-col rounded-md px-2 py-1.5 text-left hover:bg-hover"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">
            {author?.name ?? t(known && known !== 'editor' ? `origins.${known}` : 'gone')}
          </span>
          <span data-numeric className="whitespace-nowrap text-muted text-sm">
            {first === last ? t('revision', { last }) : t('revisions', { first, last })}
          </span>
        </span>
        <span className="text-muted text-sm">
          {format.dateTimeRange(startedAt, endedAt, { dateStyle: 'medium', timeStyle: 'short' })}
        </span>
        <span data-numeric className="text-sm">
          {t('counts', counts)}
        </span>
      </button>
      {mode && (
        <div className="flex flex-col gap-2 px-2 pb-2">
          {!isNewest && (
            <Segmented
              aria-label={t('compare')}
              value={mode}
              onValueChange={onMode}
              options={[
                { value: 'own', label: t('own') },
                { value: 'since', label: t('since') },
              ]}
            />
          )}
          {comparison && <Legend comparison={comparison} />}
          {onRestore && !isNewest && (
            <Button size="sm" icon={<History />} busy={isRestoring} onClick={() => onRestore(last)}>
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
