'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import { annotateAddress } from '../annotate-page/annotate-address.ts'
import { useTRPC } from '../trpc/client.tsx'
import { useErrorToast } from '../trpc/use-error-toast.ts'
import { useKnownCards } from './use-image-cards.ts'

/** Opens the image at a position in the annotator, also one that was only just jumped to. */
export function useOpenImage(projectId: string, q: string): (position: number) => Promise<void> {
  const router = useRouter()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const showError = useErrorToast()
  const findKnown = useKnownCards()
  return useCallback(
    async (position) => {
      try {
        const options = trpc.images.cards.queryOptions({ projectId, positions: String(position) })
        const imageId = findKnown().get(position)?.id ?? (await queries.fetchQuery(options)).images[0]?.id
        if (imageId) {
          // Its records are on their way while the page is.
          void queries.prefetchQuery(trpc.annotations.open.queryOptions({ imageId: ImageId.parse(imageId) }))
          router.push(annotateAddress({ projectId, imageId, q, isReview: false }))
        } else await queries.invalidateQueries(trpc.images.pathFilter())
      } catch (error) {
        showError(error)
      }
    },
    [projectId, q, router, trpc, queries, findKnown, showError],
  )
}
