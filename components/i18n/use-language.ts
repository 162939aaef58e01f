'use client'

import { useLocale } from 'next-intl'
import { useTransition } from 'react'
import type { Locale } from './locale.ts'
import { setLocale } from './set-locale.ts'

/** Each language is named in itself, so that whoever landed in the wrong one finds the way back. */
export const LANGUAGE_NAMES: Record<Locale, string> = { en: 'English', zh: '简体中文' }

/** Short for both, on the button that changes from one to the other. */
export const LANGUAGE_SWITCH = '中/EN'

export function useLanguage(): { locale: Locale; change: (locale: Locale) => void; pending: boolean } {
  const locale = useLocale()
  const [pending, startTransition] = useTransition()
  return { locale, pending, change: (next) => startTransition(() => setLocale(next)) }
}
