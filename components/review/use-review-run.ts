'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'
import type { RouterOutputs } from '../trpc/client.tsx'

export type RunItem = RouterOutputs['runs']['list'][number]

/** Which run is looked at, kept in the address; else the newest that finished, else the newest. */
export function useReviewRun(runs: readonly RunItem[] | undefined) {
  const router = useRouter()
  const asked = useSearchParams().get('run')
  const run =
    runs?.find(({ id }) => id === asked) ?? runs?.find(({ status }) => status === 'succeeded') ?? runs?.[0]
  const choose = useCallback((id: string) => router.replace(`?run=${id}`, { scroll: false }), [router])
  return { run, choose }
}
