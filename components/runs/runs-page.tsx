'use client'

import { useQuery } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { FlaskConical, Play } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { ProjectId } from '../../server/contracts/ids.ts'
import { useActions } from '../app-shell/actions.ts'
import { useCan, useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { RunTable } from './run-table.tsx'
import { StartSheet } from './start/start-sheet.tsx'
import { useReconnect } from './use-reconnect.ts'
import { WorkerNotice } from './worker-notice.tsx'

export type RunCard = RouterOutputs['runs']['list'][number]

export function RunsPage() {
  const t = useTranslations('runs')
  const trpc = useTRPC()
  const projectId = ProjectId.parse(useProjectId())
  const canStart = useCan('runs.start')
  const [isStarting, setStarting] = useState(false)
  const list = useQuery(trpc.runs.list.queryOptions({ projectId }))
  const live = useSubscription(trpc.runs.live.subscriptionOptions({ projectId }))
  useReconnect(live)
  const runs = live.data ?? list.data

  useActions(
    useMemo(
      () => [
        {
          name: 'runs.start',
          label: t('start'),
          group: t('actions.group'),
          keys: 'n',
          icon: <Play />,
          isAvailable: canStart,
          run: () => setStarting(true),
        },
      ],
      [t, canStart],
    ),
  )

  const startButton = canStart && (
    <Button variant="primary" icon={<Play />} onClick={() => setStarting(true)}>
      {t('start')}
    </Button>
  )
  return (
    <div className="mx-auto w-full max-w-6xl px-6 py-6">
      <header className="mb-4 flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-lg">{t('title')}</h1>
          <p className="text-muted">{t('description')}</p>
        </div>
        {runs && runs.length > 0 && startButton}
      </header>
      <WorkerNotice />
      {!runs && list.isPending && <Skeleton className="h-64" />}
      {!runs && list.isError && <ErrorState error={list.error} onRetry={() => list.refetch()} />}
      {runs?.length === 0 && (
        <EmptyState
          icon={<FlaskConical />}
          title={t('empty.title')}
          description={t('empty.description')}
          action={startButton}
        />
      )}
      {runs && runs.length > 0 && (
        <Card className="overflow-x-auto">
          <RunTable runs={runs} projectId={projectId} />
        </Card>
      )}
      {isStarting && <StartSheet onClose={() => setStarting(false)} />}
    </div>
  )
}
