'use client'

import { useEffect } from 'react'

const AGAIN_AFTER_MS = 3_000

/**
 * Begins a subscription again some seconds after it has failed. The browser does so itself while the
 * server does not answer at all, but gives up for good when something in between answers with an error.
 */
export function useReconnect({ status, reset }: { status: string; reset: () => void }): void {
  useEffect(() => {
    if (status !== 'error') return
    const timer = setTimeout(reset, AGAIN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [status, reset])
}
