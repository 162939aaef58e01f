'use client'

import { type QueryClient, useQueries, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useProjectId } from '../app-shell/project-context.tsx'
import { sessionGate } from '../trpc/session-gate.ts'
import { type Addresses, THUMBNAILS_KEY, thumbnailsOfPage } from './image-pages.ts'

/** Pages out of sight whose pictures are kept, a quarter of a megabyte each. */
const KEPT_PAGES = 24

/**
 * The thumbnails of some pages, by position: one request for each page, in the order in which they come in sight, where
 * a browser would ask for every picture by itself, six at a time, also for those that have long been passed.
 * What failed while nobody was signed in is loaded again.
 */
export function useThumbnails(parts: readonly Int32Array[]): Addresses {
  const queries = useQueryClient()
  const projectId = useProjectId()
  const signIns = useSyncExternalStore(sessionGate.subscribe, sessionGate.countSignIns, () => 0)
  const options = useMemo(
    () =>
      parts.map((part) => {
        return {
          ...thumbnailsOfPage(projectId, part, signIns),
          // A page of another filter, or of the list before an image went away, has most of them.
          placeholderData: () => known(queries, projectId, part),
        }
      }),
    [parts, projectId, signIns, queries],
  )
  const results = useQueries({ queries: options })

  // biome-ignore lint/correctness/useExhaustiveDependencies: other pages in sight are the time to forget old ones
  useEffect(() => forget(queries, KEPT_PAGES), [parts, queries])
  return useMemo(
    () =>
      new Map(
        results.flatMap(({ data, isError }, index): (readonly [number, string | null])[] => {
          if (data) return [...data]
          return isError ? Array.from(parts[index] ?? [], (position) => [position, null] as const) : []
        }),
      ),
    [results, parts],
  )
}

function known(queries: QueryClient, projectId: string, part: Int32Array): Addresses | undefined {
  const found = new Map<number, string | null>()
  for (const [, addresses] of queries.getQueriesData<Addresses>({ queryKey: [THUMBNAILS_KEY, projectId] })) {
    for (const position of part) {
      const address = addresses?.get(position)
      if (address) found.set(position, address)
    }
  }
  return found.size > 0 ? found : undefined
}

/** The browser holds the bytes behind an address until it is told that nobody needs them. */
function forget(queries: QueryClient, keep: number): void {
  const cache = queries.getQueryCache()
  const unseen = cache.findAll({ queryKey: [THUMBNAILS_KEY], type: 'inactive' })
  unseen.sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
  for (const page of unseen.slice(keep)) {
    cache.remove(page)
    for (const address of addressesOf(page.state.data)) URL.revokeObjectURL(address)
  }
}

function addressesOf(data: unknown): string[] {
  return data instanceof Map ? [...data.values()].filter((address) => typeof address === 'string') : []
}
