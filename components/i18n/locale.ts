export const LOCALES = ['en', 'zh'] as const
export type Locale = (typeof LOCALES)[number]

/** The choice travels in a cookie, not in the address: one link works for people of both languages. */
export const LOCALE_COOKIE = 'refbox-locale'

export function isLocale(value: string | undefined): value is Locale {
  return LOCALES.some((locale) => locale === value)
}

/**
 * The first language of an Accept-Language header that we speak, by the browser's own order.
 * Weights are ignored: browsers send the list already sorted.
 */
export function localeFromHeader(header: string | null): Locale {
  for (const part of header?.split(',') ?? []) {
    const language = part.trim().slice(0, 2).toLowerCase()
    if (isLocale(language)) return language
  }
  return 'en'
}
