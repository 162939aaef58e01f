'use client'

import { RotateCw, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** The last boundary: a defect of ours reached it, so its cause goes to the console in full. */
export function CrashScreen({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('common')
  useEffect(() => console.error(error), [error])
  return (
    <main role="alert" className="grid h-full place-items-center">
      <EmptyState
        icon={<TriangleAlert />}
        title={t('crash.title')}
        description={t('crash.description')}
        action={
          <Button variant="primary" icon={<RotateCw />} onClick={reset}>
            {t('retry')}
          </Button>
        }
      />
    </main>
  )
}
