'use client'

import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormatBytes } from '../i18n/use-format-bytes.ts'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { BoxOverlay } from './box-overlay.tsx'
import { ImageExpressions } from './image-expressions.tsx'
import { StatusDot } from './status-dot.tsx'
import { Thumbnail } from './thumbnail.tsx'
import type { ImageCard } from './use-image-list.ts'

const BAKING_STEPS = ['orientation', 'colour', 'alpha', 'depth', 'container'] as const

export interface ImageDetailsProps {
  image: ImageCard
  colours: ReadonlyMap<string, string>
  onOpen: (position: number) => void
}

export function ImageDetails({ image, colours, onOpen }: ImageDetailsProps) {
  const t = useTranslations('images')
  const format = useFormatter()
  const formatBytes = useFormatBytes()
  const trpc = useTRPC()
  const details = useQuery(trpc.images.byId.queryOptions({ imageId: image.id }, { staleTime: 30_000 }))
  const { width, height, status, split } = image
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="relative h-48 overflow-hidden rounded-md border border-border bg-sunken">
        <Thumbnail imageId={image.id} className="absolute inset-0 size-full object-contain" />
        <BoxOverlay image={image} colours={colours} />
      </div>
      <div>
        <h2 className="break-all font-semibold">{image.fileName}</h2>
        <Button
          variant="primary"
          icon={<Pencil />}
          className="mt-2 w-full"
          onClick={() => onOpen(image.position)}
        >
          {t('details.annotate')}
        </Button>
      </div>
      <ImageExpressions imageId={image.id} revision={image.revision} colours={colours} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <Row name={t('details.status')}>
          <span className="inline-flex items-center gap-1.5">
            <StatusDot status={status} />
            {t(`statuses.${status}`)}
          </span>
        </Row>
        <Row name={t('details.assignee')}>{image.assignee ?? t('details.nobody')}</Row>
        <Row name={t('details.split')}>{t(`splits.${split ?? 'none'}`)}</Row>
        <Row name={t('details.size')}>{t('details.megapixels', { width, height })}</Row>
        {details.data && (
          <>
            <Row name={t('details.bytes')}>{formatBytes(details.data.bytes)}</Row>
            <Row name={t('details.origin')}>{t(`origins.${details.data.origin}`)}</Row>
            <Row name={t('details.added')}>
              {format.dateTime(details.data.createdAt, { dateStyle: 'medium', timeStyle: 'short' })}
            </Row>
            {BAKING_STEPS.some((step) => details.data.baking[step]) && (
              <Row name={t('details.changed')}>
                {BAKING_STEPS.filter((step) => details.data.baking[step])
                  .map((step) => t(`baking.${step}`))
                  .join(', ')}
              </Row>
            )}
            <Row name={t('details.hash')}>
              <span className="block truncate font-mono text-sm" title={details.data.sha256}>
                {details.data.sha256}
              </span>
            </Row>
          </>
        )}
      </dl>
      {details.isPending && <Skeleton className="h-20" />}
      {details.isError && (
        <ErrorState error={details.error} onRetry={() => details.refetch()} className="p-0" />
      )}
    </div>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 tabular-nums">{children}</dd>
    </>
  )
}
