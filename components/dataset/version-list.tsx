'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Badge } from '../ui/badge.tsx'
import { cn } from '../ui/cn.ts'
import type { VersionItem } from './use-chosen-version.ts'

export interface VersionListProps {
  versions: readonly VersionItem[]
  chosenId: string
  onChoose: (id: string) => void
}

/** Newest first, one row a version. */
export function VersionList({ versions, chosenId, onChoose }: VersionListProps) {
  const t = useTranslations('dataset')
  const format = useFormatter()
  return (
    <nav
      aria-label={t('list.label')}
      className="max-h-48 shrink-0 overflow-y-auto border-border border-b md:max-h-none md:w-72 md:border-r md:border-b-0"
    >
      <ul className="p-2">
        {versions.map(({ id, number, name, hash, stats, runs, createdAt, createdByName }) => (
          <li key={id}>
            <button
              type="button"
              aria-current={id === chosenId}
              onClick={() => onChoose(id)}
              className={cn(
                'w-full rounded-md px-3 py-2 text-left',
                id === chosenId ? 'bg-active' : 'hover:bg-hover',
              )}
            >
              <span className="flex items-center gap-2">
                <span className="min-w-0 flex-1 truncate font-medium">
                  {name ? t('list.named', { number, name }) : t('list.plain', { number })}
                </span>
                {runs > 0 && <Badge tone="accent">{t('list.runs', { count: runs })}</Badge>}
              </span>
              <span className="mt-0.5 block text-muted text-sm tabular-nums">
                {t('list.counts', { train: stats.images.train, val: stats.images.val, boxes: stats.boxes })}
              </span>
              <span className="mt-0.5 flex flex-wrap gap-x-2 text-muted text-xs">
                <code>{hash.slice(0, 8)}</code>
                <time dateTime={createdAt.toISOString()} className="flex-1 whitespace-nowrap">
                  {format.dateTime(createdAt, { dateStyle: 'medium', timeStyle: 'short' })}
                </time>
                {createdByName && <span className="max-w-full truncate">{createdByName}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
