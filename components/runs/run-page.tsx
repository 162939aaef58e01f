'use client'

import { useParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { RunId } from '../../server/contracts/ids.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { Progress } from '../ui/progress.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { AdjustmentNotice } from './adjustment-notice.tsx'
import { AliveNotice } from './alive-notice.tsx'
import { RunCharts } from './charts/run-charts.tsx'
import { CheckProblems } from './check-problems.tsx'
import { bestStep } from './fold-events.ts'
import { RunHeader } from './run-header.tsx'
import { RunTabs } from './run-tabs.tsx'
import { RunTiles } from './run-tiles.tsx'
import { StageTimeline } from './stage-timeline.tsx'
import { type LiveRun, type Run, useLiveRun } from './use-live-run.ts'
import { WorkerNotice } from './worker-notice.tsx'

/** Everything about one run, live. */
export function RunPage() {
  const { runId } = useParams<{ runId: string }>()
  const live = useLiveRun(RunId.parse(runId))
  if (live.run) return <LoadedRun run={live.run} live={live} />
  if (live.error) return <ErrorState error={live.error} onRetry={live.retry} />
  return (
    <div aria-busy className="mx-auto max-w-6xl space-y-4 px-6 py-6">
      <Skeleton className="h-14" />
      <Skeleton className="h-16" />
      <Skeleton className="h-80" />
    </div>
  )
}

function LoadedRun({ run, live }: { run: Run; live: LiveRun }) {
  const t = useTranslations('runs')
  const { history } = live
  const last = history.steps.at(-1)
  const isActive = ['starting', 'running', 'stopping'].includes(run.status)
  const share = run.status === 'succeeded' ? 1 : last ? last.step / last.total_steps : 0
  return (
    <div className="mx-auto w-full max-w-6xl space-y-4 px-6 py-6">
      <RunHeader run={run} history={history} isConnected={live.isConnected} />
      <WorkerNotice />
      {run.reason?.code === 'check' && <CheckProblems problems={run.reason.problems} />}
      <div className="space-y-3">
        <Progress
          value={run.status === 'starting' ? null : share}
          label={t('list.progress')}
          tone={run.status === 'failed' || run.status === 'lost' ? 'danger' : 'accent'}
        />
        <StageTimeline history={history} isActive={isActive} />
        <AliveNotice history={history} isActive={isActive} />
      </div>
      <AdjustmentNotice history={history} />
      <RunTiles run={run} history={history} />
      <RunCharts history={history} best={bestStep(history, run.config.evaluate.metric)} />
      <RunTabs run={run} history={history} />
    </div>
  )
}
