'use client'

import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { ALONE } from '../trpc/links.ts'
import { cardsOfPage, PAGE_SIZE } from './image-pages.ts'
import type { ImageCard } from './use-image-list.ts'
import { type Span, useSettledSpan } from './use-settled-span.ts'

/** Pages out of sight that are kept, the latest: the way back is at once, and a long way takes no more memory. */
const KEPT_PAGES = 24

export interface ImageCards {
  /** Positions of each page in sight. */
  parts: readonly Int32Array[]
  cards: ReadonlyMap<number, ImageCard>
  /** Of a page in sight that could not be had. */
  error: unknown
  retry: () => void
}

/**
 * The cards of what is in sight, by position. Pages that go out of sight before they have come are not waited
 * for; cards that another page has brought stand in until a page's own are there.
 * @param sight places in the list, first and last
 * @param direction the page that comes next on the way is asked for before it is in sight
 */
export function useImageCards(
  positions: Int32Array,
  sight: Span,
  direction: 'forward' | 'backward' | null,
): ImageCards {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const findKnown = useKnownCards()
  const pageAt = (place: number) => Math.floor(Math.max(0, Math.min(place, positions.length - 1)) / PAGE_SIZE)
  const pages = useSettledSpan({
    first: pageAt(sight.first - (direction === 'backward' ? PAGE_SIZE : 0)),
    last: sight.last < 0 ? -1 : pageAt(sight.last + (direction === 'forward' ? PAGE_SIZE : 0)),
  })
  const { first, last } = pages
  const parts = useMemo(
    () =>
      Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
        positions.subarray((first + index) * PAGE_SIZE, (first + index + 1) * PAGE_SIZE),
      ).filter((part) => part.length > 0),
    [positions, first, last],
  )
  const options = useMemo(
    () =>
      parts.map((part) => ({
        ...cardsOfPage(trpc, projectId, part),
        placeholderData: () => {
          const known = findKnown()
          return { images: [...part].flatMap((position) => known.get(position) ?? []) }
        },
      })),
    [parts, trpc, projectId, findKnown],
  )
  const results = useQueries({ queries: options })
  const cards = useMemo(() => byPosition(results.map(({ data }) => data)), [results])

  // An image that is not there any more was deleted by somebody: the list is older than the cards.
  const isOlder = results.some(
    ({ data, isSuccess, isPlaceholderData }, index) =>
      isSuccess && !isPlaceholderData && data.images.length < (parts[index]?.length ?? 0),
  )
  useEffect(() => {
    if (isOlder) void queries.invalidateQueries(trpc.images.positions.queryFilter({ projectId }))
  }, [isOlder, queries, trpc, projectId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page in sight is the time to forget old ones
  useEffect(() => {
    const cache = queries.getQueryCache()
    const unseen = cache.findAll({ ...trpc.images.cards.pathFilter(), type: 'inactive' })
    unseen.sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
    for (const page of unseen.slice(KEPT_PAGES)) cache.remove(page)
  }, [first, last, queries, trpc])

  const failed = results.filter(({ isError }) => isError)
  return {
    parts,
    cards,
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const { refetch } of failed) void refetch()
    },
  }
}

/** One image, wherever it stands; undefined while it is on its way, null when it is not there any more. */
export function useImageCard(position: number | null): ImageCard | null | undefined {
  const trpc = useTRPC()
  const projectId = useProjectId()
  const findKnown = useKnownCards()
  const query = useQuery(
    trpc.images.cards.queryOptions(
      { projectId, positions: String(position ?? '') },
      {
        enabled: position !== null,
        trpc: { abortOnUnmount: true, context: ALONE },
        placeholderData: (before) => {
          const known = position === null ? undefined : findKnown().get(position)
          return known ? { images: [known] } : keepPreviousData(before)
        },
      },
    ),
  )
  if (position === null) return null
  if (!query.data) return undefined
  return query.data.images[0] ?? null
}

/** What is known of images without asking, by position. */
export function useKnownCards(): () => ReadonlyMap<number, ImageCard> {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  return useCallback(() => {
    const cached = queries.getQueriesData<{ images: ImageCard[] }>(trpc.images.cards.pathFilter())
    const own = cached.filter(([key]) => isOf(projectId, key))
    return byPosition(own.map(([, data]) => data))
  }, [queries, trpc, projectId])
}

/** Positions count anew in every project. */
function isOf(projectId: string, key: readonly unknown[]): boolean {
  const input = (key[1] as { input?: { projectId?: string } } | undefined)?.input
  return input?.projectId === projectId
}

function byPosition(pages: readonly ({ images: ImageCard[] } | undefined)[]): Map<number, ImageCard> {
  const cards = new Map<number, ImageCard>()
  for (const page of pages) for (const card of page?.images ?? []) cards.set(card.position, card)
  return cards
}
