'use client'

import { ChevronDown, ChevronUp, CircleCheck, RotateCw, TriangleAlert, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Progress } from '../ui/progress.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { UploadList } from './upload-list.tsx'
import { summarise, type UploadSummary } from './upload-summary.ts'
import { uploads, useUploads } from './uploads.ts'
import { useUploadEffects } from './use-upload-effects.ts'

/** Floats over every page of the studio while files are on their way, and until somebody has read the outcome. */
export function UploadPanel() {
  const t = useTranslations('ingest.panel')
  const list = useUploads()
  const [isOpen, setOpen] = useState(true)
  const summary = summarise(list)
  useUploadEffects(list, summary.isActive)
  if (list.length === 0) return null

  return (
    <section
      aria-label={t('title')}
      className="fixed right-4 bottom-4 z-40 flex w-96 max-w-[calc(100vw-2rem)] animate-rise flex-col overflow-hidden rounded-xl border border-border bg-raised shadow-dialog"
    >
      <header className="flex items-center gap-2 py-2 pr-2 pl-3">
        <StateIcon summary={summary} />
        <p role="status" className="min-w-0 flex-1 truncate font-medium tabular-nums">
          {summary.isActive
            ? t('sending', { finished: summary.finished, files: summary.files })
            : t('finished', { added: summary.added })}
        </p>
        {summary.isActive && (
          <Button size="sm" variant="ghost" onClick={uploads.cancelAll}>
            {t('cancel')}
          </Button>
        )}
        <IconButton
          size="sm"
          label={isOpen ? t('collapse') : t('expand')}
          icon={isOpen ? <ChevronDown /> : <ChevronUp />}
          onClick={() => setOpen(!isOpen)}
        />
        {!summary.isActive && (
          <IconButton size="sm" label={t('dismiss')} icon={<X />} onClick={uploads.clear} />
        )}
      </header>
      {summary.isActive && (
        <Progress value={summary.progress} label={t('progress')} className="h-1 rounded-none" />
      )}
      <Counts summary={summary} />
      {isOpen && <UploadList uploads={list} />}
    </section>
  )
}

function StateIcon({ summary }: { summary: UploadSummary }) {
  if (summary.isActive) return <Spinner className="text-accent" />
  if (summary.failed + summary.refused > 0) {
    return <TriangleAlert aria-hidden className="size-4 shrink-0 text-warning" />
  }
  return <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />
}

function Counts({ summary }: { summary: UploadSummary }) {
  const t = useTranslations('ingest.panel')
  const { duplicate, refused, failed, cancelled } = summary
  if (duplicate + refused + failed + cancelled === 0) return null
  return (
    <p className="flex items-center gap-3 px-3 pb-2 text-muted text-sm tabular-nums">
      {refused > 0 && <span className="text-danger">{t('refused', { count: refused })}</span>}
      {failed > 0 && <span className="text-danger">{t('failed', { count: failed })}</span>}
      {duplicate > 0 && <span>{t('duplicates', { count: duplicate })}</span>}
      {cancelled > 0 && <span>{t('cancelled', { count: cancelled })}</span>}
      {failed + cancelled > 0 && !summary.isActive && (
        <Button size="sm" icon={<RotateCw />} className="ml-auto" onClick={uploads.retryFailed}>
          {t('retry')}
        </Button>
      )}
    </p>
  )
}
