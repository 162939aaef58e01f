'use client'

import { RotateCcw, ScanSearch, TriangleAlert, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCan } from '../app-shell/project-context.tsx'
import { useAmounts } from '../runs/use-amounts.ts'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Progress } from '../ui/progress.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { goesOn, type Prelabel, usePrelabels } from './use-prelabels.ts'

/** Floats over the images of a project while a model prelabels them, whoever asked it, and says what came of it. */
export function PrelabelProgress({ onShow }: { onShow: () => void }) {
  const { prelabels, dismiss, cancel, retry } = usePrelabels()
  const mayChange = useCan('images.prelabel')
  const t = useTranslations('assist.prelabel')
  if (prelabels.length === 0) return null
  return (
    <section
      aria-label={t('start')}
      className="fixed right-4 bottom-4 z-40 flex max-h-[60vh] w-96 max-w-[calc(100vw-2rem)] animate-rise flex-col divide-y divide-border overflow-y-auto rounded-xl border border-border bg-raised shadow-dialog"
    >
      {prelabels.map((each) =>
        goesOn(each) ? (
          <Going key={each.id} prelabel={each} onCancel={mayChange ? () => cancel(each.id) : null} />
        ) : (
          <Ended
            key={each.id}
            prelabel={each}
            onShow={onShow}
            onRetry={mayChange ? () => retry(each.id) : null}
            onDismiss={() => dismiss(each.id)}
          />
        ),
      )}
    </section>
  )
}

function Going({ prelabel, onCancel }: { prelabel: Prelabel; onCancel: (() => void) | null }) {
  const t = useTranslations('assist.progress')
  const { duration } = useAmounts()
  const { status, progress, modelName: model, device } = prelabel
  const left = progress?.rate ? (progress.total - progress.done) / progress.rate : null
  const words = () => {
    if (status === 'queued') return t('queued', { device })
    if (status === 'cancelling') return t('cancelling')
    return progress ? t('count', { done: progress.done, total: progress.total }) : t('starting')
  }
  return (
    <div className="flex flex-col gap-1 py-2 pr-2 pl-3">
      <div className="flex items-center gap-2">
        <Spinner className="text-accent" />
        <p className="min-w-0 flex-1 truncate font-medium">{t('title', { model })}</p>
        {onCancel && status !== 'cancelling' && (
          <Button size="sm" variant="ghost" onClick={onCancel}>
            {t('cancel')}
          </Button>
        )}
      </div>
      <p className="flex justify-between text-muted text-sm tabular-nums">
        <span>{words()}</span>
        {status === 'running' && left !== null && <span>{t('left', { time: duration(left) })}</span>}
      </p>
      <Progress
        value={progress && progress.total > 0 ? progress.done / progress.total : null}
        label={t('title', { model })}
        className="h-1"
      />
    </div>
  )
}

interface EndedProps {
  prelabel: Prelabel
  onShow: () => void
  onRetry: (() => void) | null
  onDismiss: () => void
}

function Ended({ prelabel, onShow, onRetry, onDismiss }: EndedProps) {
  const t = useTranslations('assist.progress')
  const { status, modelName: model, reason, result } = prelabel
  const title =
    status === 'succeeded'
      ? t('succeeded', { suggestions: result?.suggestions ?? 0, model })
      : t(status === 'failed' ? 'failed' : 'cancelled', { model })
  return (
    <div role="status" className="flex flex-col gap-1 py-2 pr-2 pl-3">
      <div className="flex items-center gap-2">
        {status === 'failed' ? (
          <TriangleAlert aria-hidden className="size-4 shrink-0 text-danger" />
        ) : (
          <ScanSearch aria-hidden className="size-4 shrink-0 text-accent" />
        )}
        <p className="min-w-0 flex-1 font-medium">{title}</p>
        <IconButton size="sm" label={t('dismiss')} icon={<X />} onClick={onDismiss} />
      </div>
      {reason && <p className="whitespace-pre-wrap break-words text-danger text-sm">{reason}</p>}
      {result && <Result result={result} />}
      <div className="flex gap-1.5">
        {result && result.suggestions > 0 && (
          <Button size="sm" onClick={onShow}>
            {t('show')}
          </Button>
        )}
        {status === 'failed' && onRetry && (
          <Button size="sm" icon={<RotateCcw />} onClick={onRetry}>
            {t('retry')}
          </Button>
        )}
      </div>
    </div>
  )
}

const QUIET = ['nothing', 'alreadyThere', 'rejectedBefore', 'gone'] as const

/** Where the questions have gone that did not become suggestions. */
function Result({ result }: { result: NonNullable<Prelabel['result']> }) {
  const t = useTranslations('assist.progress')
  const { unreadable, refused } = result
  return (
    <div className="text-muted text-sm">
      {QUIET.filter((count) => result[count] > 0).map((count) => (
        <p key={count}>{t(count, { count: result[count] })}</p>
      ))}
      {unreadable.count > 0 && <p className="text-warning">{t('unreadable', { count: unreadable.count })}</p>}
      {refused.count > 0 && <p className="text-warning">{t('refused', { count: refused.count })}</p>}
      {unreadable.count + refused.count > 0 && (
        <details>
          <summary className="cursor-default">{t('details')}</summary>
          <ul className="mt-1 max-h-40 space-y-1 overflow-y-auto break-words text-xs">
            {refused.examples.map(({ imageId, fileName, why }) => (
              <li key={imageId}>
                {fileName}: {why}
              </li>
            ))}
            {unreadable.examples.map(({ imageId, expression, answer }) => (
              <li key={`${imageId} ${expression}`}>{t('answer', { expression, answer })}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
