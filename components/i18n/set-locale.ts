'use server'

import { cookies } from 'next/headers'
import { LOCALE_COOKIE, type Locale } from './locale.ts'

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60

/** Setting a cookie in an action makes Next render the page again, now in the other language. */
export async function setLocale(locale: Locale): Promise<void> {
  const store = await cookies()
  store.set(LOCALE_COOKIE, locale, { path: '/', sameSite: 'lax', maxAge: ONE_YEAR_SECONDS })
}
