import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'

type OpenedImage = RouterOutputs['annotations']['open']['image']

/**
 * Takes over what an answer says of an image, without asking for the image again. Name the image that was asked about: by the
 * time of the answer another one may be open.
 */
export function usePatchOpened(): (imageId: string, part: Partial<OpenedImage>) => void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return useCallback(
    (imageId, part) => {
      queries.setQueryData(trpc.annotations.open.queryKey({ imageId: ImageId.parse(imageId) }), (old) =>
        old ? { ...old, image: { ...old.image, ...part } } : old,
      )
    },
    [queries, trpc],
  )
}
