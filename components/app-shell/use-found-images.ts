'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { useTRPC } from '../trpc/client.tsx'

/** One letter finds everything. */
const SHORTEST = 2
const MOST = 6

/** Images whose file name contains what is typed; none outside a project. */
export function useFoundImages(projectId: string | undefined, search: string) {
  const trpc = useTRPC()
  const name = useDeferredValue(search.trim())
  const isAsking = projectId !== undefined && name.length >= SHORTEST
  const found = useQuery(
    trpc.images.list.queryOptions(
      { projectId: projectId ?? '', filter: { name }, limit: MOST },
      { enabled: isAsking, placeholderData: keepPreviousData },
    ),
  )
  return isAsking ? (found.data?.images ?? []) : []
}
