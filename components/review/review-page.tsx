'use client'

import { useQuery } from '@tanstack/react-query'
import { Columns3 } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { RunId } from '../../server/contracts/ids.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Select } from '../ui/select.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ReviewOfRun } from './review-of-run.tsx'
import { useReviewRun } from './use-review-run.ts'

/** Ground truth, base and tuned model side by side on the held-out pictures of one run. */
export function ReviewPage() {
  const t = useTranslations('review')
  const trpc = useTRPC()
  const projectId = useProjectId()
  const runs = useQuery(trpc.runs.list.queryOptions({ projectId }))
  const { run, choose } = useReviewRun(runs.data)

  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-3 border-border border-b px-4 py-2">
        <h1 className="font-semibold text-lg">{t('title')}</h1>
        {run && (
          <Select
            aria-label={t('run')}
            className="w-72"
            value={run.id}
            onValueChange={choose}
            options={(runs.data ?? []).map(({ id, number, name, baseModel }) => ({
              value: id,
              label: name ? t('runNamed', { number, name }) : t('runNumber', { number }),
              hint: baseModel.name,
            }))}
          />
        )}
      </header>
      {runs.isPending && <Skeleton className="m-4 h-64" />}
      {runs.isError && <ErrorState error={runs.error} onRetry={() => runs.refetch()} />}
      {runs.data?.length === 0 && (
        <EmptyState
          icon={<Columns3 />}
          title={t('empty.title')}
          description={t('empty.description')}
          action={
            <Button asChild variant="primary">
              <Link href={`/projects/${projectId}/runs`}>{t('empty.action')}</Link>
            </Button>
          }
        />
      )}
      {run && <ReviewOfRun key={run.id} runId={RunId.parse(run.id)} />}
    </div>
  )
}
