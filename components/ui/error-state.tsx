'use client'

import { RotateCw, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useErrorWords } from '../trpc/studio-error.ts'
import { Button } from './button.tsx'
import { cn } from './cn.ts'

export interface ErrorStateProps {
  /** Whatever was thrown; its studio code becomes words. */
  error: unknown
  onRetry?: () => void
  className?: string
}

/** Stands where the list or page would have been: the cause, and a way to try again. */
export function ErrorState({ error, onRetry, className }: ErrorStateProps) {
  const t = useTranslations('common')
  const words = useErrorWords()(error)
  return (
    <div
      role="alert"
      className={cn('flex flex-col items-center justify-center gap-1 px-6 py-16 text-center', className)}
    >
      <div
        aria-hidden
        className="mb-3 flex size-10 items-center justify-center rounded-lg bg-danger-soft text-danger [&_svg]:size-5"
      >
        <TriangleAlert />
      </div>
      <h2 className="font-semibold text-md">{words.title}</h2>
      <p className="max-w-md text-balance text-muted">{words.description}</p>
      {onRetry && (
        <Button className="mt-4" icon={<RotateCw />} onClick={onRetry}>
          {t('retry')}
        </Button>
      )}
    </div>
  )
}
