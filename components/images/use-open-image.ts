import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import { useTRPC } from '../trpc/client.tsx'

/** Opens an image in the editor, within the filter as typed. Its records are asked for while the page is on its way. */
export function useOpenImage(projectId: string, filter: string): (imageId: string) => void {
  const router = useRouter()
  const trpc = useTRPC()
  const queries = useQueryClient()
  return useCallback(
    (imageId) => {
      void queries.prefetchQuery(trpc.annotations.open.queryOptions({ imageId: ImageId.parse(imageId) }))
      const search = filter.trim() ? `?q=${encodeURIComponent(filter)}` : ''
      router.push(`/projects/${projectId}/annotate/${imageId}${search}`)
    },
    [router, queries, trpc, projectId, filter],
  )
}
