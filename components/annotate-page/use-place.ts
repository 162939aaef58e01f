import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { placeQuery } from './place-query.ts'
import type { AnnotateRoute } from './use-annotate-route.ts'

export type Place = RouterOutputs['images']['place']

/** Where the image stands in the list of the address. */
export function usePlace({ imageId, filter, isReview }: AnnotateRoute): {
  /** Undefined while it is on its way. */
  place: Place | undefined
  /** For a key that is pressed before it is there: waits instead of taking this for the last image. */
  findPlace: () => Promise<Place | null>
} {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const options = useMemo(
    () => placeQuery(trpc, { imageId, filter, isReview }),
    [trpc, imageId, filter, isReview],
  )
  const place = useQuery(options).data
  const findPlace = useCallback(() => queries.ensureQueryData(options).catch(() => null), [queries, options])
  return { place, findPlace }
}
