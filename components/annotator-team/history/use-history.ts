'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ImageId } from '../../../server/contracts/ids.ts'
import { useTRPC, useTRPCClient } from '../../trpc/client.tsx'

/** Revisions a page; a shorter page is the last. */
const PAGE = 50

/** @param revision of the image now: a new one asks again */
export function useHistory(id: string, revision: number) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const imageId = ImageId.parse(id)
  return useInfiniteQuery({
    queryKey: [...trpc.annotations.history.queryKey({ imageId }), 'pages', revision],
    queryFn: ({ pageParam, signal }) =>
      client.annotations.history.query({ imageId, before: pageParam }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.number),
    placeholderData: (before) => before,
  })
}

/** own: what a sitting itself did; since: what is different now from how it left the image. */
export type CompareMode = 'own' | 'since'

export interface ComparedSitting {
  first: number
  last: number
  mode: CompareMode
}

export function useChanges(id: string, revision: number, compared: ComparedSitting | null) {
  const trpc = useTRPC()
  const { first = 1, last = 0, mode = 'own' } = compared ?? {}
  const span = mode === 'own' ? { from: first - 1, to: last } : { from: last, to: revision }
  return useQuery(
    trpc.annotations.changes.queryOptions(
      { imageId: ImageId.parse(id), ...span },
      { enabled: compared !== null, placeholderData: (before) => before },
    ),
  )
}
