'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '../trpc/client.tsx'
import { Badge } from '../ui/badge.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

export interface ImageExpressionsProps {
  imageId: string
  /** A newer revision is asked for anew. */
  revision: number
  colours: ReadonlyMap<string, string>
}

/** What is asked of an image, in the order of its turns, with how many boxes answer. */
export function ImageExpressions({ imageId, revision, colours }: ImageExpressionsProps) {
  const t = useTranslations('images.details')
  const trpc = useTRPC()
  const opened = useQuery(trpc.annotations.open.queryOptions({ imageId }, { enabled: revision > 0 }))
  const document = opened.data?.document
  return (
    <section>
      <h3 className="mb-1 font-medium text-muted text-sm">{t('expressions')}</h3>
      {revision === 0 && <p>{t('noExpressions')}</p>}
      {revision > 0 && opened.isPending && <Skeleton className="h-16" />}
      {opened.isError && <ErrorState error={opened.error} onRetry={() => opened.refetch()} className="p-0" />}
      <ul>
        {document?.expressions.map(({ id, kind, text }) => {
          const count = document.boxes.filter((box) => box.expressionIds.includes(id)).length
          return (
            <li key={id} className="flex min-h-6 items-center gap-2">
              {kind === 'class' && (
                <span
                  aria-hidden
                  className="size-2.5 shrink-0 rounded-[3px] bg-faint"
                  style={{ background: colours.get(text) }}
                />
              )}
              <span className="min-w-0 flex-1 break-words">{kind === 'class' ? text : `“${text}”`}</span>
              {count > 0 ? (
                <span className="shrink-0 text-muted text-sm tabular-nums">{t('boxes', { count })}</span>
              ) : (
                <Badge>{t('negative')}</Badge>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
