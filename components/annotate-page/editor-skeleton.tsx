import { useTranslations } from 'next-intl'
import { Skeleton } from '../ui/skeleton.tsx'

/** The shape of the editor while the image is on its way, so that nothing jumps. */
export function EditorSkeleton() {
  const t = useTranslations('annotator')
  return (
    <div role="status" aria-label={t('loadingImage')} className="flex h-full flex-col">
      <div className="flex h-10 items-center gap-3 border-border border-b bg-surface px-3">
        <Skeleton className="h-5 w-24" />
        <Skeleton className="h-5 w-48" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="w-12 border-border border-r bg-surface" />
        <div className="flex-1 bg-sunken" />
        <div className="flex w-84 flex-col gap-3 border-border border-l bg-surface p-3">
          <Skeleton className="h-7" />
          <Skeleton className="h-24" />
          <Skeleton className="h-40" />
        </div>
      </div>
    </div>
  )
}
