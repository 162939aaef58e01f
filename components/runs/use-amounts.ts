'use client'

import { useTranslations } from 'next-intl'
import { useMemo } from 'react'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Sizes and durations as people say them, in the reader's language. */
export function useAmounts() {
  const t = useTranslations('runs.amounts')
  const common = useTranslations('common.bytes')
  return useMemo(() => {
    const bytes = (value: number): string => {
      if (value < 1000) return common('B', { value })
      if (value < 1e6) return common('kB', { value: value / 1e3 })
      return value < 1e9 ? common('MB', { value: value / 1e6 }) : common('GB', { value: value / 1e9 })
    }
    const duration = (seconds: number): string => {
      if (seconds < 90) return t('seconds', { value: Math.max(1, Math.round(seconds)) })
      if (seconds < 90 * MINUTE) return t('minutes', { value: Math.round(seconds / MINUTE) })
      const minutes = Math.round(seconds / MINUTE)
      if (seconds < 2 * DAY) return t('hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
      const hours = Math.round(seconds / HOUR)
      return t('days', { days: Math.floor(hours / 24), hours: hours % 24 })
    }
    return { bytes, duration }
  }, [t, common])
}
