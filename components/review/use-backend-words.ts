'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { readBackend } from './predict-all.ts'

/** "wasm, 4 threads" as stored, in the reader's language; what the server ran on is named as it is. */
export function useBackendWords(): (stored: string) => string {
  const t = useTranslations('review.backend')
  return useCallback(
    (stored) => {
      const backend = readBackend(stored)
      return backend ? t(backend.kind, { threads: backend.threads }) : t('server', { device: stored })
    },
    [t],
  )
}
