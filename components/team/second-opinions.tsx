'use client'

import { useQuery } from '@tanstack/react-query'
import { Users } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { AgreementTable } from './agreement-table.tsx'

/** How far a second person, who did not see the first one's boxes, drew the same. */
export function SecondOpinions() {
  const t = useTranslations('team.agreement')
  const trpc = useTRPC()
  const projectId = useProjectId()
  const opinions = useQuery(trpc.team.secondOpinions.queryOptions({ projectId }))
  return (
    <Card>
      <CardHeader title={t('title')} description={t('hint')} />
      <CardBody className="flex flex-col gap-6">
        {opinions.isPending && <Skeleton className="h-32" />}
        {opinions.isError && !opinions.data && (
          <ErrorState error={opinions.error} onRetry={() => opinions.refetch()} className="py-6" />
        )}
        {opinions.data?.length === 0 && (
          <EmptyState icon={<Users />} title={t('empty')} description={t('emptyHint')} className="py-8" />
        )}
        {opinions.data?.map((opinion) => (
          <AgreementTable key={opinion.projectId} opinion={opinion} />
        ))}
      </CardBody>
    </Card>
  )
}
