'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { MAX_PICTURES } from '../../server/contracts/chart.ts'
import { useTRPCClient } from '../trpc/client.tsx'
import type { DrawOrder } from './use-draw-form.ts'

/** Long enough that typing a number draws once, short enough to feel immediate. */
const PAUSE_MS = 500

/** A few pictures of what is ordered, drawn anew whenever the order has stood still for a moment. */
export function usePreview(order: DrawOrder | null) {
  const client = useTRPCClient()
  const settled = useSettled(order)
  const wanted = settled !== null && mayBeDrawn(settled)
  return useQuery({
    queryKey: ['charts.preview', settled],
    queryFn: ({ signal }) =>
      client.charts.preview.mutate(settled ?? { sources: [], options: {} }, { signal }),
    enabled: wanted,
    placeholderData: keepPreviousData,
    // The same order always gives the same pictures.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    meta: { quiet: true },
  })
}

/** Whether there is something to draw, as far as one can say without reading the sources. */
export function mayBeDrawn({ sources, options }: DrawOrder): boolean {
  return (sources.length > 0 || options.random > 0) && options.random <= MAX_PICTURES
}

function useSettled(order: DrawOrder | null): DrawOrder | null {
  const [settled, setSettled] = useState(order)
  const text = JSON.stringify(order)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as DrawOrder | null), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
