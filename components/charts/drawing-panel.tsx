'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useCan } from '../app-shell/project-context.tsx'
import { Button } from '../ui/button.tsx'
import { Progress } from '../ui/progress.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { useDrawing } from './use-drawing.ts'

/** Floats over the images of a project while a data set is being drawn into it, whoever began it. */
export function DrawingPanel() {
  const t = useTranslations('charts.progress')
  const format = useFormatter()
  const canCancel = useCan('project.manage')
  const { drawing, cancel } = useDrawing()
  if (drawing?.status !== 'drawing') return null
  const { done, total, startedAt } = drawing
  // Until some are drawn nobody knows how long one takes.
  const seconds = done < 5 ? null : ((Date.now() - startedAt.getTime()) / 1000 / done) * (total - done)
  return (
    <section
      aria-label={t('title')}
      className="fixed bottom-4 left-1/2 z-40 flex w-96 max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-rise flex-col overflow-hidden rounded-xl border border-border bg-raised shadow-dialog"
    >
      <div className="flex items-center gap-2 py-2 pr-2 pl-3">
        <Spinner className="text-accent" />
        <p className="min-w-0 flex-1 truncate font-medium tabular-nums">{t('count', { done, total })}</p>
        {seconds !== null && (
          <span className="text-muted text-sm tabular-nums">{t('left', { time: duration(seconds) })}</span>
        )}
        {canCancel && (
          <Button size="sm" variant="ghost" onClick={cancel}>
            {t('cancel')}
          </Button>
        )}
      </div>
      <Progress value={done / total} label={t('title')} className="h-1 rounded-none" />
    </section>
  )

  function duration(left: number): string {
    const isLong = left >= 90
    const value = Math.max(1, Math.ceil(isLong ? left / 60 : left))
    return format.number(value, { style: 'unit', unit: isLong ? 'minute' : 'second', unitDisplay: 'short' })
  }
}
