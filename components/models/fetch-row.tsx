'use client'

import { RotateCw, Trash, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAmounts } from '../runs/use-amounts.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Progress } from '../ui/progress.tsx'
import { CopyByHand } from './copy-by-hand.tsx'
import type { Fetch } from './fetch-list.tsx'

/** One model on its way: how far, how fast, and when it stopped, why and what to do. */
export function FetchRow({
  fetch,
  onResume,
  onCancel,
  onDiscard,
}: {
  fetch: Fetch
  onResume: () => void
  onCancel: () => void
  onDiscard: () => void
}) {
  const t = useTranslations('models.fetches')
  const sources = useTranslations('models.dialog.sources')
  const [isAsking, setAsking] = useState(false)
  const { status, progress, failure, repository } = fetch
  const isOver = status === 'failed' || status === 'cancelled'
  const share = progress && progress.total > 0 ? progress.done / progress.total : null
  return (
    <li className="space-y-2 px-3 py-2.5">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">
          {repository} <span className="font-normal text-muted">{sources(fetch.source)}</span>
        </span>
        {status === 'failed' && <Badge tone="danger">{t('failed')}</Badge>}
        {isOver ? (
          <>
            <Button size="sm" icon={<RotateCw />} onClick={onResume}>
              {t('resume')}
            </Button>
            <Button size="sm" variant="ghost" icon={<Trash />} onClick={() => setAsking(true)}>
              {t('discard')}
            </Button>
          </>
        ) : (
          <Button
            size="sm"
            variant="ghost"
            icon={<X />}
            disabled={status === 'cancelling'}
            onClick={onCancel}
          >
            {t('cancel')}
          </Button>
        )}
      </div>
      <Progress
        value={isOver || status === 'queued' ? (share ?? 0) : share}
        label={t('progress', { repository })}
        tone={status === 'failed' ? 'danger' : 'accent'}
      />
      <Standing fetch={fetch} />
      {failure && (
        <div className="text-sm">
          <p className="text-danger">{failure.message}</p>
          {failure.copyByHand ? (
            <CopyByHand {...failure.copyByHand} />
          ) : (
            failure.whatToDo && <p className="whitespace-pre-line">{failure.whatToDo}</p>
          )}
        </div>
      )}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('discardTitle', { repository })}
        description={t('discardDescription')}
        confirmLabel={t('discard')}
        onConfirm={() => {
          setAsking(false)
          onDiscard()
        }}
      />
    </li>
  )
}

/** In a line: bytes, rate and time left while it goes on. */
function Standing({ fetch: { status, progress } }: { fetch: Fetch }) {
  const t = useTranslations('models.fetches')
  const { bytes, duration } = useAmounts()
  const amount = progress && t('amount', { done: bytes(progress.done), total: bytes(progress.total) })
  const words = {
    queued: [t('queued'), amount],
    cancelling: [t('cancelling')],
    cancelled: [t('cancelled'), amount],
    failed: [amount],
    succeeded: [],
    running: progress
      ? [
          amount,
          progress.rate ? t('rate', { rate: bytes(progress.rate) }) : null,
          progress.rate
            ? t('left', { left: duration((progress.total - progress.done) / progress.rate) })
            : null,
        ]
      : [t('looking')],
  }[status]
  return <p className="text-muted text-sm tabular-nums">{words.filter(Boolean).join(' · ')}</p>
}
