import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import type { AnnotateRoute } from './use-annotate-route.ts'

export type Place = RouterOutputs['images']['place']

export const imageUrl = (imageId: string) => `/api/images/${imageId}`

/**
 * Where the image stands in the list of the address. What one probably goes to is in the cache before it is
 * asked for: its records, its place and its pixels.
 */
export function usePlace({ imageId, filter, isReview }: AnnotateRoute): Place | undefined {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const wanted = isReview ? 'toReview' : 'unfinished'
  const place = useQuery(
    trpc.images.place.queryOptions({ imageId: ImageId.parse(imageId), filter, wanted }),
  ).data
  const { nextId, wantedId } = place ?? {}
  const likely = isReview ? wantedId : nextId
  useEffect(() => {
    if (!likely) return
    const next = ImageId.parse(likely)
    void queries.prefetchQuery({
      ...trpc.annotations.open.queryOptions({ imageId: next }),
      staleTime: 60_000,
    })
    void queries.prefetchQuery({
      ...trpc.images.place.queryOptions({ imageId: next, filter, wanted }),
      staleTime: 60_000,
    })
    const picture = new Image()
    picture.src = imageUrl(likely)
  }, [likely, filter, wanted, queries, trpc])
  return place
}
