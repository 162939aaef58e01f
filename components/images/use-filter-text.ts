'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { formatFilter, parseFilter } from './image-filter.ts'

/** The filter lives in the address (`?q=`), so that a view can be shared and survives a reload. */
export function useFilterText() {
  const text = useSearchParams().get('q') ?? ''
  const parsed = useMemo(() => parseFilter(text), [text])

  const setText = useCallback((next: string) => {
    const address = new URL(window.location.href)
    if (next.trim()) address.searchParams.set('q', next)
    else address.searchParams.delete('q')
    // Without a navigation: Next follows replaceState, and typing must not wait for a server.
    window.history.replaceState(null, '', address)
  }, [])

  const change = useCallback(
    (part: Partial<ImageFilter>) => setText(formatFilter({ ...parsed.filter, ...part })),
    [parsed.filter, setText],
  )
  return { text, setText, change, ...parsed }
}
