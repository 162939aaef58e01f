'use client'

import { type AbstractIntlMessages, NextIntlClientProvider } from 'next-intl'
import type { ReactNode } from 'react'
import type { Locale } from './locale.ts'

export interface IntlProviderProps {
  locale: Locale
  messages: AbstractIntlMessages
  children: ReactNode
}

/** Times are told in the reader's zone, not the server's: hence a client component around next-intl's. */
export function IntlProvider({ locale, messages, children }: IntlProviderProps) {
  return (
    <NextIntlClientProvider
      locale={locale}
      messages={messages}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </NextIntlClientProvider>
  )
}
