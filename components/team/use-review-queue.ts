'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { ImageFilter } from '../../server/contracts/image.ts'
import { annotateAddress } from '../annotate-page/annotate-address.ts'
import { formatFilter } from '../images/image-filter.ts'
import { useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'

/** Opens the first image of a filter that waits for a verdict, in review mode. */
export function useReviewQueue(projectId: string): (filter: Partial<ImageFilter>) => void {
  const t = useTranslations('team.work')
  const router = useRouter()
  const trpc = useTRPC()
  const queries = useQueryClient()
  return useCallback(
    async (part) => {
      const filter = ImageFilter.parse({ ...part, status: 'done' })
      const found = await queries
        .fetchQuery({ ...trpc.images.list.queryOptions({ projectId, filter, limit: 1 }), staleTime: 0 })
        .catch(() => null)
      const first = found?.images[0]
      // What is accepted is not `done` any more: with that in the filter the place in the list would shift.
      const q = formatFilter({ ...filter, status: null })
      if (first) router.push(annotateAddress({ projectId, imageId: first.id, q, isReview: true }))
      else if (found) toast.success(t('nothingToReview'))
    },
    [projectId, queries, router, t, trpc],
  )
}
