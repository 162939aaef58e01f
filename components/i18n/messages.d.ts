import type { Locale } from './locale.ts'
import type en from './messages/en.ts'

/** Makes `t('some.key')` a type error when the English catalogue lacks the key. */
declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: typeof en
  }
}
