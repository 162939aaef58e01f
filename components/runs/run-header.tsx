'use client'

import { ChevronLeft } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Badge } from '../ui/badge.tsx'
import type { RunHistory } from './fold-events.ts'
import { RunActions } from './run-actions.tsx'
import { RunStatusBadge } from './run-status-badge.tsx'
import type { Run } from './use-live-run.ts'
import { useRunWords } from './use-run-words.ts'

export function RunHeader({
  run,
  history,
  isConnected,
}: {
  run: Run
  history: RunHistory
  isConnected: boolean
}) {
  const t = useTranslations('runs')
  const { sentence } = useRunWords()
  const version = run.datasets[0]?.version
  return (
    <header className="flex flex-wrap items-start gap-3">
      <div className="min-w-0 flex-1">
        <Link
          href={`/projects/${run.projectId}/runs`}
          className="inline-flex items-center gap-0.5 text-muted hover:text-text"
        >
          <ChevronLeft aria-hidden className="size-4" />
          {t('actions.back')}
        </Link>
        <h1 className="mt-1 flex flex-wrap items-center gap-2 font-semibold text-lg">
          {t('name', { number: run.number })}
          {run.name && <span className="font-normal text-muted">{run.name}</span>}
          <RunStatusBadge status={run.status} />
          {!isConnected && <Badge tone="warning">{t('reconnecting')}</Badge>}
        </h1>
        <p className="mt-1" aria-live="polite">
          {sentence(run, history)}
        </p>
        <p className="text-muted">
          {run.baseModel.name} · {t(`presets.${run.preset}.name`)}
          {version && ` · ${version.name || t('versionName', { number: version.number })}`} · {run.device}
        </p>
      </div>
      <RunActions run={run} />
    </header>
  )
}
