'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useCan, useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { PersonTable } from './person-table.tsx'
import { SecondOpinions } from './second-opinions.tsx'

const SPANS = ['7', '30', 'all'] as const
type Span = (typeof SPANS)[number]

/** Who did how much, how it was judged, and how far people agree. */
export function TeamPage() {
  const t = useTranslations('team.page')
  const trpc = useTRPC()
  const projectId = useProjectId()
  const seesAll = useCan('annotations.review')
  const [span, setSpan] = useState<Span>('all')
  const days = span === 'all' ? null : Number(span)
  const people = useQuery(
    trpc.team.statistics.queryOptions({ projectId, days }, { placeholderData: (before) => before }),
  )
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-6 px-6 py-8">
      <h1 className="font-semibold text-lg">{t('title')}</h1>
      <Card>
        <CardHeader
          title={seesAll ? t('people') : t('own')}
          description={t('peopleHint')}
          actions={
            <Segmented
              aria-label={t('span')}
              value={span}
              onValueChange={setSpan}
              options={SPANS.map((value) => ({ value, label: t(`spans.${value}`) }))}
            />
          }
        />
        <CardBody className="overflow-x-auto px-1 pb-2">
          {people.isPending && <Skeleton className="mx-3 h-32" />}
          {people.isError && !people.data && (
            <ErrorState error={people.error} onRetry={() => people.refetch()} className="py-6" />
          )}
          {people.data && <PersonTable people={people.data} />}
        </CardBody>
      </Card>
      {seesAll && <SecondOpinions />}
    </div>
  )
}
