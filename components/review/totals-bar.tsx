'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { PredictionModel, PredictionSource } from '../../server/contracts/prediction.ts'
import type { Review } from './scored-sample.ts'
import { useBackendWords } from './use-backend-words.ts'

export interface TotalsBarProps {
  review: Review
  source: PredictionSource
}

/** How good both models are on all held-out samples, who made the answers, and whether both ways agree. */
export function TotalsBar({ review, source }: TotalsBarProps) {
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-1">
      {(['base', 'tuned'] as const).map((model) => (
        <ModelTotals key={model} model={model} review={review} source={source} />
      ))}
      <Agreement review={review} />
    </dl>
  )
}

function ModelTotals({ model, review, source }: TotalsBarProps & { model: PredictionModel }) {
  const t = useTranslations('review')
  const format = useFormatter()
  const share = useShare()
  const backendWords = useBackendWords()
  const totals = review.totals.find((total) => total.model === model && total.source === source)
  return (
    <div data-totals={model}>
      <dt className="sr-only">{t(`models.${model}`)}</dt>
      <dd className="flex items-baseline gap-2">
        <span aria-hidden className="text-muted">
          {t(`models.${model}`)}
        </span>
        {totals ? (
          <>
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
          </>
        ) : (
          <span className="text-lg text-muted">{t('totals.none')}</span>
        )}
      </dd>
      {totals && (
        <dd className="text-muted text-sm tabular-nums">
          {t('totals.details', {
            precision: share(totals.precision),
            recall: share(totals.recall),
            f1: share(totals.f1),
            backend: format.list(totals.backends.map(backendWords)),
            speed: Math.round(totals.tokensPerSecond),
          })}
        </dd>
      )}
    </div>
  )
}

/** Only where both have answered: the very same boxes, or not. */
function Agreement({ review }: { review: Review }) {
  const t = useTranslations('review')
  if (review.agreement.length === 0) return null
  return (
    <div data-agreement>
      <dt className="text-muted">{t('totals.agreement')}</dt>
      <dd className="text-muted text-sm tabular-nums">
        {review.agreement
          .map(({ model, same, samples }) =>
            t('totals.agreementOf', { model: t(`models.${model}`), same, samples }),
          )
          .join(' · ')}
      </dd>
    </div>
  )
}

function useShare(): (value: number) => string {
  const format = useFormatter()
  return (value) => format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}
