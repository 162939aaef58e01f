import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import type { AnnotateRoute } from './use-annotate-route.ts'

export type Place = RouterOutputs['images']['place']

export const imageUrl = (imageId: string) => `/api/images/${imageId}`

/**
 * Where the image stands in the list of the address. What one probably goes to is in the cache before it is
 * asked for: its records, its place and its pixels.
 */
export function usePlace({ imageId, filter, isReview }: AnnotateRoute): {
  /** Undefined while it is on its way. */
  place: Place | undefined
  /** For a key that is pressed before it is there: waits instead of taking this for the last image. */
  findPlace: () => Promise<Place | null>
} {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const wanted = isReview ? 'toReview' : 'unfinished'
  const options = useMemo(
    () => trpc.images.place.queryOptions({ imageId: ImageId.parse(imageId), filter, wanted }),
    [trpc, imageId, filter, wanted],
  )
  const place = useQuery(options).data
  const findPlace = useCallback(() => queries.ensureQueryData(options).catch(() => null), [queries, options])
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
  return { place, findPlace }
}
