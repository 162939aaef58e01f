'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTRPC } from '../trpc/client.tsx'

/** One letter finds everything. */
const SHORTEST = 2
const MOST = 6
/** A pause in typing, so that not every letter asks the server. */
const SETTLE_MS = 150

/** Images whose file name contains what is typed; none outside a project. */
export function useFoundImages(projectId: string | undefined, search: string) {
  const trpc = useTRPC()
  const typed = search.trim()
  const [name, setName] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setName(typed), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [typed])

  const isAsking = projectId !== undefined && typed.length >= SHORTEST
  const found = useQuery(
    trpc.images.list.queryOptions(
      { projectId: projectId ?? '', filter: { name }, limit: MOST },
      {
        enabled: isAsking && name.length >= SHORTEST,
        placeholderData: keepPreviousData,
        trpc: { abortOnUnmount: true },
      },
    ),
  )
  return {
    images: isAsking ? (found.data?.images ?? []) : [],
    isSearching: isAsking && (found.isFetching || name !== typed),
  }
}
