'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { VersionId } from '../../server/contracts/ids.ts'
import type { VersionStats } from '../../server/contracts/version.ts'
import { useTRPC } from '../trpc/client.tsx'
import { Badge } from '../ui/badge.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { RecordImage } from './record-image.tsx'
import { RecordText, type RecordView } from './record-text.tsx'

export interface SampleBrowserProps {
  versionId: string
  stats: VersionStats
}

/** One record after the other, as the export writes it, beside its picture and boxes. */
export function SampleBrowser({ versionId, stats }: SampleBrowserProps) {
  const t = useTranslations('dataset.browser')
  const trpc = useTRPC()
  const [index, setIndex] = useState(0)
  const [view, setView] = useState<RecordView>('turns')
  const total = stats.images.train + stats.images.val + stats.images.test + stats.conversations
  const sample = useQuery(
    trpc.versions.record.queryOptions(
      { versionId: VersionId.parse(versionId), index },
      // A frozen record never changes.
      { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY },
    ),
  )
  return (
    <Card>
      <CardHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            <Segmented
              aria-label={t('view')}
              value={view}
              onValueChange={setView}
              options={[
                { value: 'turns', label: t('turns') },
                { value: 'line', label: t('line') },
              ]}
            />
            <span className="flex items-center">
              <IconButton
                label={t('previous')}
                icon={<ChevronLeft />}
                disabled={index === 0}
                onClick={() => setIndex(index - 1)}
              />
              <output className="min-w-20 text-center text-muted tabular-nums">
                {t('place', { number: index + 1, total })}
              </output>
              <IconButton
                label={t('next')}
                icon={<ChevronRight />}
                disabled={index + 1 >= total}
                onClick={() => setIndex(index + 1)}
              />
            </span>
          </>
        }
      />
      <CardBody>
        {sample.isPending && <Skeleton className="h-64" />}
        {sample.isError && <ErrorState error={sample.error} onRetry={() => sample.refetch()} />}
        {sample.data && (
          <div className="grid gap-4 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <div className="flex flex-col gap-2">
              {sample.data.frozen.kind === 'image' && <RecordImage frozen={sample.data.frozen} />}
              <p className="flex items-center gap-2 text-muted text-sm">
                <Badge>{t(`splits.${sample.data.frozen.split}`)}</Badge>
                {sample.data.frozen.kind === 'image' && (
                  <span className="truncate tabular-nums">
                    {t('image', {
                      name: sample.data.frozen.fileName,
                      width: sample.data.frozen.width,
                      height: sample.data.frozen.height,
                      revision: sample.data.frozen.revision,
                    })}
                  </span>
                )}
              </p>
            </div>
            <RecordText record={sample.data.record} view={view} />
          </div>
        )}
      </CardBody>
    </Card>
  )
}
