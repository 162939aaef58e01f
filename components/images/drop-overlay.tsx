'use client'

import { Upload } from 'lucide-react'
import { useTranslations } from 'next-intl'

/** Shown while files are held over the page. */
export function DropOverlay() {
  const t = useTranslations('images.import')
  return (
    <div className="pointer-events-none fixed inset-0 z-50 animate-appear bg-overlay p-4">
      <div className="flex size-full flex-col items-center justify-center gap-1 rounded-xl border-2 border-accent border-dashed bg-surface/90 text-center">
        <Upload aria-hidden className="mb-2 size-8 text-accent" />
        <p className="font-semibold text-lg">{t('drop')}</p>
        <p className="text-muted">{t('dropHint')}</p>
      </div>
    </div>
  )
}
