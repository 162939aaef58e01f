'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'

export type ImageCard = RouterOutputs['images']['list']['images'][number]
export type ImageCounts = RouterOutputs['images']['counts']

/** Rows of the database a page; about five screens of the grid. */
const PAGE_SIZE = 200
/** Coming back from the annotator within this time shows the grid as it was, at once. */
const KEEP_MS = 30 * 60 * 1000

export function useImageList(filter: ImageFilter) {
  const trpc = useTRPC()
  const projectId = useProjectId()
  const query = useInfiniteQuery(
    trpc.images.list.infiniteQueryOptions(
      { projectId, filter, limit: PAGE_SIZE },
      {
        initialCursor: null,
        getNextPageParam: (page) => page.nextCursor,
        placeholderData: keepPreviousData,
        gcTime: KEEP_MS,
        // What a filter that is typed over would have found is not waited for.
        trpc: { abortOnUnmount: true },
      },
    ),
  )
  const images = useMemo(() => query.data?.pages.flatMap((page) => page.images) ?? [], [query.data])
  // Only the first page counts; between two counts more may have been loaded than there were.
  const total = Math.max(query.data?.pages[0]?.total ?? 0, images.length)
  return { query, images, total }
}

export function useImageCounts() {
  const trpc = useTRPC()
  return useQuery(trpc.images.counts.queryOptions({ projectId: useProjectId() }, { gcTime: KEEP_MS }))
}

/** Colour of each class of the label set, by its name. Phrases have none. */
export function useLabelColours(): ReadonlyMap<string, string> {
  const trpc = useTRPC()
  const labels = useQuery(trpc.labels.list.queryOptions({ projectId: useProjectId() }, { gcTime: KEEP_MS }))
  return useMemo(() => new Map(labels.data?.map(({ name, colour }) => [name, colour])), [labels.data])
}
