'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ImageId } from '../../../server/contracts/ids.ts'
import { type RouterOutputs, useTRPC } from '../../trpc/client.tsx'

export type Thread = RouterOutputs['comments']['list'][number]

/** Somebody who waits for an answer sees it without asking. */
const LOOK_AGAIN_MS = 15_000

export function useThreads(imageId: string) {
  const trpc = useTRPC()
  return useQuery(
    trpc.comments.list.queryOptions(
      { imageId: ImageId.parse(imageId) },
      { refetchInterval: LOOK_AGAIN_MS, refetchOnWindowFocus: true },
    ),
  )
}

/** What can be said; each shows up in the list, and in the counts of the grid, once the server has it. */
export function useCommentMutations(imageId: string) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: trpc.images.pathKey(), refetchType: 'none' })
    return queries.invalidateQueries(trpc.comments.list.queryFilter({ imageId: ImageId.parse(imageId) }))
  }
  return {
    start: useMutation(trpc.comments.start.mutationOptions({ onSuccess })),
    answer: useMutation(trpc.comments.answer.mutationOptions({ onSuccess })),
    resolve: useMutation(trpc.comments.resolve.mutationOptions({ onSuccess })),
    remove: useMutation(trpc.comments.delete.mutationOptions({ onSuccess })),
  }
}
