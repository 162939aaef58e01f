'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useAmounts } from '../runs/use-amounts.ts'
import { Button } from '../ui/button.tsx'
import { Progress } from '../ui/progress.tsx'
import type { PredictionState } from './predict-all.ts'

/** What the model in this tab is doing, how long it will take, and the answer it is writing. */
export function BrowserProgress({ state, onCancel }: { state: PredictionState; onCancel: () => void }) {
  const t = useTranslations('review.browser')
  const common = useTranslations('common')
  const words = useProgressWords(state)
  return (
    <div className="flex items-center gap-3 border-border border-b bg-surface px-4 py-2" aria-live="polite">
      <div className="min-w-0 flex-1">
        <p className="truncate tabular-nums">{words}</p>
        <Progress className="mt-1" value={shareOf(state)} label={t('label')} />
        {state.phase === 'answering' && (
          <p className="mt-1 truncate font-mono text-muted text-xs" aria-hidden>
            {state.text || state.question.prompt}
          </p>
        )}
      </div>
      <Button icon={<X />} onClick={onCancel}>
        {common('cancel')}
      </Button>
    </div>
  )
}

function shareOf(state: PredictionState): number | null {
  switch (state.phase) {
    case 'providing':
      return null
    case 'loading':
      return state.stage === 'download' && state.total > 0 ? state.loaded / state.total : null
    case 'answering':
      return state.done / state.total
  }
}

function useProgressWords(state: PredictionState): string {
  const t = useTranslations('review')
  const { bytes, duration } = useAmounts()
  const model = t(`models.${state.model}`)
  switch (state.phase) {
    case 'providing':
      return t('browser.providing', { model })
    case 'loading':
      return state.stage === 'open'
        ? t('browser.opening', { model })
        : t('browser.downloading', { model, loaded: bytes(state.loaded), total: bytes(state.total) })
    case 'answering': {
      const { done, total, backend, tokensPerSecond, secondsLeft } = state
      const made = t(`backend.${backend.kind}`, { threads: backend.threads })
      return secondsLeft === null
        ? t('browser.firstAnswer', { model, total, backend: made })
        : t('browser.answering', {
            model,
            done,
            total,
            backend: made,
            speed: Math.round(tokensPerSecond),
            left: duration(secondsLeft),
          })
    }
  }
}
