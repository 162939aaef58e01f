'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Logo } from '../app-shell/logo.tsx'
import { LANGUAGE_NAMES, useLanguage } from '../i18n/use-language.ts'
import { Button } from '../ui/button.tsx'

export interface AuthScreenProps {
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  /** Quiet words under the card. */
  footnote?: ReactNode
}

/** The frame of every page that one sees before being signed in. */
export function AuthScreen({ title, description, children, footnote }: AuthScreenProps) {
  const t = useTranslations('common')
  const { locale, change } = useLanguage()
  const other = locale === 'en' ? 'zh' : 'en'
  return (
    <div className="flex min-h-full flex-col">
      <header className="flex items-center justify-between p-4">
        <span className="flex items-center gap-2 font-semibold">
          <Logo />
          {t('product')}
        </span>
        <Button variant="ghost" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => change(other)}>
          {LANGUAGE_NAMES[other]}
        </Button>
      </header>
      <main className="flex flex-1 flex-col items-center px-4 pt-[10vh] pb-16">
        <div className="w-full max-w-sm rounded-xl border border-border bg-surface p-6 shadow-raised">
          <h1 className="font-semibold text-xl">{title}</h1>
          {description && <p className="mt-1 text-muted">{description}</p>}
          <div className="mt-5">{children}</div>
        </div>
        {footnote && <p className="mt-4 max-w-sm text-balance text-center text-sm text-muted">{footnote}</p>}
      </main>
    </div>
  )
}
