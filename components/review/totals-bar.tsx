'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { PredictionModel, PredictionSource } from '../../server/contracts/prediction.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import type { Review } from './scored-sample.ts'
import { useBackendWords } from './use-backend-words.ts'

export interface TotalsBarProps {
  review: Review
  source: PredictionSource
}

/** How good both models are on all held-out samples, who made the answers, and whether both ways agree. */
export function TotalsBar({ review, source }: TotalsBarProps) {
  const t = useTranslations('review')
  const format = useFormatter()
  const share = (value: number) =>
    format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
      {(['base', 'tuned'] as const).map((model) => (
        <ModelTotals key={model} model={model} review={review} source={source} />
      ))}
      {review.agreement.map(({ model, samples, same }) => (
        <Tooltip key={model} content={t('totals.agreementHint', { same, samples })}>
          <button type="button" className="text-muted tabular-nums">
            {t('totals.agreement', { model: t(`models.${model}`), share: share(same / samples) })}
          </button>
        </Tooltip>
      ))}
    </div>
  )
}

function ModelTotals({ model, review, source }: TotalsBarProps & { model: PredictionModel }) {
  const t = useTranslations('review')
  const format = useFormatter()
  const backendWords = useBackendWords()
  const totals = review.totals.find((total) => total.model === model && total.source === source)
  const share = (value: number) =>
    format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  if (!totals) {
    return <span className="text-muted">{t('totals.none', { model: t(`models.${model}`) })}</span>
  }
  const details = t('totals.details', {
    precision: share(totals.precision),
    recall: share(totals.recall),
    f1: share(totals.f1),
    iou: share(totals.meanIou),
  })
  return (
    <Tooltip content={details}>
      <button type="button" className="flex items-baseline gap-2 text-left">
        <span className="text-muted">{t(`models.${model}`)}</span>
        <span className="font-semibold text-lg tabular-nums">
          {t('totals.precisionAt1', { value: share(totals.precisionAt1) })}
        </span>
        <span className="text-muted tabular-nums">
          {t('totals.samples', {
            count: totals.samples,
            total: review.total,
            partial: totals.samples < review.total ? 'yes' : 'no',
          })}
        </span>
        <span className="text-faint text-sm tabular-nums">
          {t('totals.made', {
            backend: format.list(totals.backends.map(backendWords)),
            speed: Math.round(totals.tokensPerSecond),
          })}
        </span>
      </button>
    </Tooltip>
  )
}
