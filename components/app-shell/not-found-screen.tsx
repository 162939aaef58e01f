import { Compass } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

export function NotFoundScreen() {
  const t = useTranslations('common.notFound')
  return (
    <main className="grid h-full place-items-center">
      <EmptyState
        icon={<Compass />}
        title={t('title')}
        description={t('description')}
        action={
          <Button asChild variant="primary">
            <Link href="/">{t('action')}</Link>
          </Button>
        }
      />
    </main>
  )
}
