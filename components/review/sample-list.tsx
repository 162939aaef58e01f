'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { cn } from '../ui/cn.ts'
import type { ScoredSample } from './scored-sample.ts'
import { VerdictBadge } from './verdict-badge.tsx'

const ROW_HEIGHT = 52

export interface SampleListProps {
  samples: readonly ScoredSample[]
  chosenId: string | undefined
  onChoose: (id: string) => void
}

/** One row a sample; only the visible ones exist. */
export function SampleList({ samples, chosenId, onChoose }: SampleListProps) {
  const t = useTranslations('review')
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: samples.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  })
  const chosenIndex = samples.findIndex(({ id }) => id === chosenId)
  useEffect(() => {
    if (chosenIndex >= 0) rows.scrollToIndex(chosenIndex, { align: 'auto' })
  }, [chosenIndex, rows])

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto p-1.5">
      <p aria-hidden className="px-2 pb-1 text-right text-faint text-xs">
        {t('list.verdicts')}
      </p>
      <ul aria-label={t('list.label')} className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const scored = samples[index]
          if (!scored) return null
          return (
            <li
              key={scored.id}
              className="absolute inset-x-0 top-0"
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
            >
              <SampleRow scored={scored} isChosen={scored.id === chosenId} onChoose={onChoose} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

interface SampleRowProps {
  scored: ScoredSample
  isChosen: boolean
  onChoose: (id: string) => void
}

function SampleRow({ scored, isChosen, onChoose }: SampleRowProps) {
  const t = useTranslations('review')
  const { number, id, sample, base, tuned } = scored
  return (
    <button
      type="button"
      aria-current={isChosen}
      onClick={() => onChoose(id)}
      className={cn(
        'flex size-full flex-col justify-center gap-0.5 rounded-md px-2 text-left',
        isChosen ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      <span className="flex w-full gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{sample.expression}</span>
        <span className="text-faint text-sm tabular-nums">{t('list.number', { number })}</span>
      </span>
      <span className="flex w-full items-center gap-1 text-muted text-xs">
        <span className="min-w-0 flex-1 truncate">{sample.fileName}</span>
        {base && <VerdictBadge answer={base} />}
        {tuned && <VerdictBadge answer={tuned} />}
      </span>
    </button>
  )
}
