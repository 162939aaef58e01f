'use client'

import { Check, Circle, LoaderCircle } from 'lucide-react'
import { useNow, useTranslations } from 'next-intl'
import { cn } from '../ui/cn.ts'
import type { RunHistory, StageName } from './fold-events.ts'
import { useAmounts } from './use-amounts.ts'

const ORDER: readonly StageName[] = ['check', 'load', 'train', 'evaluate', 'merge', 'export']

/** What a run goes through, with the time each stage has taken so far. */
export function StageTimeline({ history, isActive }: { history: RunHistory; isActive: boolean }) {
  const t = useTranslations('runs.stages')
  const { duration } = useAmounts()
  const now = useNow({ updateInterval: 1000 })
  return (
    <ol aria-label={t('title')} className="flex flex-wrap items-center gap-x-1 gap-y-2">
      {ORDER.map((name, index) => {
        const spans = history.stages.filter((stage) => stage.name === name)
        const isOpen = isActive && spans.at(-1)?.end === null
        const seconds = spans.reduce(
          (sum, { begin, end }) => sum + secondsBetween(begin, end, now, isActive),
          0,
        )
        const isDone = spans.length > 0 && !isOpen
        return (
          <li key={name} className="flex items-center gap-1">
            {index > 0 && <span aria-hidden className="mr-1 h-px w-6 bg-border-strong" />}
            <span
              className={cn(
                'inline-flex items-center gap-1 [&_svg]:size-3.5',
                isOpen ? 'font-medium text-accent' : isDone ? 'text-text' : 'text-faint',
              )}
            >
              {isOpen ? <LoaderCircle className="animate-spin" /> : isDone ? <Check /> : <Circle />}
              {t(name)}
              {seconds >= 1 && <span className="text-muted text-sm tabular-nums">{duration(seconds)}</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** A stage without an end lasts until now, or was cut off together with its process. */
function secondsBetween(begin: string, end: string | null, now: Date, isActive: boolean): number {
  if (end === null && !isActive) return 0
  return Math.max(0, ((end ? Date.parse(end) : now.getTime()) - Date.parse(begin)) / 1000)
}
