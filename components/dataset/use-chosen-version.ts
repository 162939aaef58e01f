'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'
import type { RouterOutputs } from '../trpc/client.tsx'

export type VersionItem = RouterOutputs['versions']['list'][number]

/** Which version is looked at, kept in the address; the newest when it names none. */
export function useChosenVersion(versions: readonly VersionItem[] | undefined) {
  const router = useRouter()
  const asked = useSearchParams().get('version')
  const chosen = versions?.find(({ id }) => id === asked) ?? versions?.[0]
  const choose = useCallback((id: string) => router.replace(`?version=${id}`, { scroll: false }), [router])
  return { chosen, choose }
}
