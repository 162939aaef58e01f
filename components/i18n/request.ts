import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { isLocale, LOCALE_COOKIE, localeFromHeader } from './locale.ts'

/** Read by next-intl for every request (see next.config.mjs). */
export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value
  const locale = isLocale(chosen) ? chosen : localeFromHeader((await headers()).get('accept-language'))
  const messages = (await import(`./messages/${locale}.ts`)) as { default: Record<string, unknown> }
  return { locale, messages: messages.default }
})
