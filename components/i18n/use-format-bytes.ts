'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'

const UNITS = ['B', 'kB', 'MB', 'GB'] as const

/** Sizes as file managers show them: steps of 1000, one digit behind the point. */
export function useFormatBytes(): (bytes: number) => string {
  const t = useTranslations('common.bytes')
  return useCallback(
    (bytes) => {
      const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
      return t(UNITS[step] ?? 'GB', { value: bytes / 1000 ** step })
    },
    [t],
  )
}
