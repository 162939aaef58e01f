'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo, useState } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { formatFilter, parseFilter } from './image-filter.ts'

/**
 * The filter lives in the address (`?q=`), so that a view can be shared and survives a reload. The router follows the
 * address in its own time, so what is shown is kept here and changes at once.
 */
export function useFilterText() {
  const address = useSearchParams().get('q') ?? ''
  const [shown, setShown] = useState<Shown>({ address, text: address, sent: [] })
  if (shown.address !== address) setShown(followed(shown, address))
  const { text } = shown
  const parsed = useMemo(() => parseFilter(text), [text])

  const setText = useCallback((next: string) => {
    const address = new URL(window.location.href)
    if (next.trim()) address.searchParams.set('q', next)
    else address.searchParams.delete('q')
    // Without a navigation: Next follows replaceState, and typing must not wait for a server.
    window.history.replaceState(null, '', address)
    const written = address.searchParams.get('q') ?? ''
    setShown((now) => (now.text === written ? now : { ...now, text: written, sent: [...now.sent, written] }))
  }, [])

  const change = useCallback(
    (part: Partial<ImageFilter>) => setText(formatFilter({ ...parsed.filter, ...part })),
    [parsed.filter, setText],
  )
  return { text, setText, change, ...parsed }
}

interface Shown {
  text: string
  /** As the router has it. */
  address: string
  /** Written to the address and not yet come back from the router, oldest first. */
  sent: readonly string[]
}

/** An echo of our own comes while one types on and takes nothing back; a link, or the way back, leads elsewhere. */
function followed({ text, sent }: Shown, address: string): Shown {
  const place = sent.indexOf(address)
  return place < 0 ? { text: address, address, sent: [] } : { text, address, sent: sent.slice(place + 1) }
}
