'use client'

import { useEffect, useState } from 'react'

/** First and last of a run of whole numbers; last < first = none. */
export interface Span {
  first: number
  last: number
}

/** Longer than the frames of a scroll bar that is dragged, shorter than anybody waits. */
const SETTLE_MS = 60

/**
 * Follows a span that moves step by step at once; one that jumps is followed when it rests, so that dragging the
 * scroll bar over a long list does not ask for everything on the way.
 */
export function useSettledSpan({ first, last }: Span): Span {
  const [held, setHeld] = useState({ first, last })
  const isSame = held.first === first && held.last === last
  const isStep = held.last < held.first || (first <= held.last + 1 && last >= held.first - 1)
  if (!isSame && isStep) setHeld({ first, last })
  const isWaiting = !isSame && !isStep
  useEffect(() => {
    if (!isWaiting) return
    const timer = setTimeout(() => setHeld({ first, last }), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [isWaiting, first, last])
  return held
}
