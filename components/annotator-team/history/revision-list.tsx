'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { cn } from '../../ui/cn.ts'
import type { RevisionEntry } from './sittings.ts'

export interface RevisionListProps {
  /** Newest first. */
  revisions: readonly RevisionEntry[]
  /** Null = all of them together. */
  chosen: number | null
  onChoose: (number: number | null) => void
}

/** The single saves of a sitting; a second press on one shows the whole sitting again. */
export function RevisionList({ revisions, chosen, onChoose }: RevisionListProps) {
  const t = useTranslations('team.history')
  const format = useFormatter()
  return (
    <ol className="max-h-48 overflow-y-auto rounded-md border border-border bg-surface text-sm">
      {revisions.map(({ number, createdAt, counts }) => (
        <li key={number}>
          <button
            type="button"
            aria-pressed={number === chosen}
            onClick={() => onChoose(number === chosen ? null : number)}
            data-numeric
            className={cn(
              'flex h-6 w-full items-center gap-2 px-2 text-left hover:bg-hover',
              number === chosen && 'bg-accent-soft text-accent',
            )}
          >
            <span className="flex-1">{t('revision', { last: number })}</span>
            <span>{t('counts', counts)}</span>
            <time dateTime={createdAt.toISOString()} className="text-muted">
              {format.dateTime(createdAt, { timeStyle: 'medium' })}
            </time>
          </button>
        </li>
      ))}
    </ol>
  )
}
