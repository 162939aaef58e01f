import { ImageId } from '../../server/contracts/ids.ts'
import type { useTRPC } from '../trpc/client.tsx'
import type { AnnotateRoute } from './use-annotate-route.ts'

/** Asks where an image stands in the list of the address, and which others are near it. */
export function placeQuery(
  trpc: ReturnType<typeof useTRPC>,
  { imageId, filter, isReview }: Pick<AnnotateRoute, 'imageId' | 'filter' | 'isReview'>,
) {
  const wanted = isReview ? 'toReview' : 'unfinished'
  return trpc.images.place.queryOptions({ imageId: ImageId.parse(imageId), filter, wanted })
}
