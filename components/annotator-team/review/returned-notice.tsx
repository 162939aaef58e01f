'use client'

import { Undo2 } from 'lucide-react'
import { useFormatter, useNow, useTranslations } from 'next-intl'
import { Button } from '../../ui/button.tsx'
import { useThreads } from '../comments/use-comments.ts'

/** Often enough for “3 minutes ago”. */
const MINUTE_MS = 60_000

/** Why a reviewer gave this image back, in sight until it is done again. */
export function ReturnedNotice({ imageId, onShow }: { imageId: string; onShow: () => void }) {
  const t = useTranslations('team.review')
  const format = useFormatter()
  const now = useNow({ updateInterval: MINUTE_MS })
  const threads = useThreads(imageId).data
  const latest = threads?.filter(({ kind, resolvedAt }) => kind === 'return' && !resolvedAt).at(-1)
  if (!latest) return null
  const { author, text, createdAt } = latest.comments[0]
  return (
    <div
      role="status"
      className="flex shrink-0 items-center gap-2 border-border border-b bg-danger-soft px-3 py-1.5 text-danger"
    >
      <Undo2 aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1">
        <span className="font-medium">{author ? t('returnedBy', { name: author.name }) : t('returned')}</span>{' '}
        <span className="whitespace-pre-line text-text">{text}</span>{' '}
        <span className="whitespace-nowrap text-muted text-sm">
          {format.relativeTime(createdAt, Math.max(now.getTime(), createdAt.getTime()))}
        </span>
      </p>
      <Button size="sm" onClick={onShow}>
        {t('answer')}
      </Button>
    </div>
  )
}
