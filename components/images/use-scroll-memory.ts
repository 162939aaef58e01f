'use client'

import { useMemo } from 'react'

const PREFIX = 'refbox-scroll:'

/** Keeps how far down a list was scrolled for as long as the tab lives, also over a reload. */
export function useScrollMemory(key: string) {
  return useMemo(
    () => ({
      initialOffset: () => Number(sessionStorage.getItem(PREFIX + key) ?? 0),
      remember: (offset: number) => sessionStorage.setItem(PREFIX + key, String(Math.round(offset))),
    }),
    [key],
  )
}
