'use client'

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { readPositions } from '../../server/contracts/image-positions.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC, useTRPCClient } from '../trpc/client.tsx'
import { ALONE } from '../trpc/links.ts'
import { sessionGate } from '../trpc/session-gate.ts'
import { KEEP_MS, prefetchTop } from './image-pages.ts'

export type ImageCard = RouterOutputs['images']['cards']['images'][number]
export type ImageCounts = RouterOutputs['images']['counts']

/** Every image that matches, by its position in the project; what stands there is asked for as it comes in sight. */
export function useImageList(filter: ImageFilter) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const client = useTRPCClient()
  const query = useQuery({
    ...trpc.images.positions.queryOptions({ projectId, filter }),
    placeholderData: keepPreviousData,
    gcTime: KEEP_MS,
    // What a filter that is typed over would have found is not waited for: the signal says so.
    queryFn: async ({ signal }) => {
      const list = await client.images.positions.query({ projectId, filter }, { signal, context: ALONE })
      prefetchTop({ trpc, queries }, projectId, readPositions(list.positions), sessionGate.countSignIns())
      return list
    },
  })
  const text = query.data?.positions
  const positions = useMemo(() => readPositions(text ?? ''), [text])
  return { query, positions }
}

/** @param enabled false while the grid itself is on its way: counting keeps the server, and drawing the browser, busy */
export function useImageCounts(enabled: boolean) {
  const trpc = useTRPC()
  const projectId = useProjectId()
  return useQuery(trpc.images.counts.queryOptions({ projectId }, { enabled, gcTime: KEEP_MS }))
}

/** Colour of each class of the label set, by its name. Phrases have none. */
export function useLabelColours(): ReadonlyMap<string, string> {
  const trpc = useTRPC()
  const labels = useQuery(trpc.labels.list.queryOptions({ projectId: useProjectId() }, { gcTime: KEEP_MS }))
  return useMemo(() => new Map(labels.data?.map(({ name, colour }) => [name, colour])), [labels.data])
}
