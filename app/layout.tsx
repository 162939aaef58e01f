import type { Metadata, Viewport } from 'next'
import { getLocale, getMessages } from 'next-intl/server'
import type { ReactNode } from 'react'
import { THEME_SCRIPT } from '../components/app-shell/theme-script.ts'
import { IntlProvider } from '../components/i18n/intl-provider.tsx'
import { StudioProvider } from '../components/trpc/provider.tsx'
import { Toaster } from '../components/ui/toast.tsx'
import { TooltipProvider } from '../components/ui/tooltip.tsx'
import './globals.css'

export const metadata: Metadata = { title: { default: 'RefBox Studio', template: '%s · RefBox Studio' } }
export const viewport: Viewport = { colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale()
  return (
    // The script below sets data-theme before React sees the element.
    <html lang={locale === 'zh' ? 'zh-CN' : 'en'} suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, no input in it */}
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <IntlProvider locale={locale} messages={await getMessages()}>
          <TooltipProvider delayDuration={400}>
            <StudioProvider>{children}</StudioProvider>
          </TooltipProvider>
          <Toaster />
        </IntlProvider>
      </body>
    </html>
  )
}
