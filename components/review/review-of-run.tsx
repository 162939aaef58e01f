'use client'

import { useQuery } from '@tanstack/react-query'
import { Images, SearchX } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import type { RunId } from '../../server/contracts/ids.ts'
import { PredictionSource } from '../../server/contracts/prediction.ts'
import { useTRPC } from '../trpc/client.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { AnswerPanel } from './answer-panel.tsx'
import { BrowserProgress } from './browser-progress.tsx'
import { FilterBar } from './filter-bar.tsx'
import { Panes } from './panes.tsx'
import { PredictControls } from './predict-controls.tsx'
import { PredictionProblems } from './prediction-problems.tsx'
import { SampleList } from './sample-list.tsx'
import { arrange, fullerSource, type Review, type ReviewFilter, scoreSamples } from './scored-sample.ts'
import { TotalsBar } from './totals-bar.tsx'
import { useBrowserPredictions } from './use-browser-predictions.ts'
import { useSampleChoice } from './use-sample-choice.ts'
import { useServerPredictions } from './use-server-predictions.ts'

/** Everything about the answers of one run: totals, work under way, and the samples one by one. */
export function ReviewOfRun({ runId }: { runId: RunId }) {
  const t = useTranslations('review')
  const trpc = useTRPC()
  const review = useQuery(trpc.predictions.review.queryOptions({ runId }))
  const browser = useBrowserPredictions(runId)
  const server = useServerPredictions(runId)
  const [chosenSource, setChosenSource] = useState<PredictionSource | null>(null)

  if (review.isPending) return <LoadingReview />
  if (review.isError) return <ErrorState error={review.error} onRetry={() => review.refetch()} />
  const source = chosenSource ?? (browser.state ? 'browser' : fullerSource(review.data.totals))
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 border-border border-b px-4 py-2">
        <TotalsBar review={review.data} source={source} />
        <span className="flex-1" />
        <Segmented
          aria-label={t('source.label')}
          value={source}
          onValueChange={setChosenSource}
          options={PredictionSource.options.map((value) => ({ value, label: t(`source.${value}`) }))}
        />
        <PredictControls review={review.data} browser={browser} server={server} />
      </div>
      <PredictionProblems browserError={browser.error} serverFailures={server.failures} />
      {browser.state && <BrowserProgress state={browser.state} onCancel={browser.cancel} />}
      <Samples runId={runId} review={review.data} source={source} />
    </>
  )
}

const FIRST_FILTER: ReviewFilter = { sort: 'worst', expression: null, onlyDisagreements: false }

interface SamplesProps {
  runId: RunId
  review: Review
  source: PredictionSource
}

function Samples({ runId, review, source }: SamplesProps) {
  const t = useTranslations('review')
  const [filter, setFilter] = useState(FIRST_FILTER)
  const scored = useMemo(() => scoreSamples(review.samples, source), [review.samples, source])
  const samples = useMemo(() => arrange(scored, filter), [scored, filter])
  const { chosen, choose } = useSampleChoice(samples)

  if (review.samples.length === 0) {
    return <EmptyState icon={<Images />} title={t('noSplit.title')} description={t('noSplit.description')} />
  }
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        {chosen ? (
          <>
            <Panes key={chosen.sample.imageId} scored={chosen} />
            <AnswerPanel runId={runId} scored={chosen} />
          </>
        ) : (
          <EmptyState
            icon={<SearchX />}
            title={t('nothingLeft.title')}
            description={t('nothingLeft.description')}
          />
        )}
      </div>
      <aside className="flex w-72 shrink-0 flex-col border-border border-l">
        <FilterBar samples={review.samples} filter={filter} onFilter={setFilter} />
        <SampleList samples={samples} chosenId={chosen?.id} onChoose={choose} />
        <p className="border-border border-t px-3 py-1.5 text-muted text-sm tabular-nums">
          {t('list.count', { shown: samples.length, total: review.total })}
          {review.gone > 0 && ` · ${t('list.gone', { count: review.gone })}`}
        </p>
      </aside>
    </div>
  )
}

function LoadingReview() {
  return (
    <div aria-busy className="flex min-h-0 flex-1 gap-3 p-4">
      <Skeleton className="h-full flex-1" />
      <Skeleton className="h-full flex-1" />
      <Skeleton className="h-full flex-1" />
      <Skeleton className="h-full w-72" />
    </div>
  )
}
