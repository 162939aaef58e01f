'use client'

import { TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { AssistError } from '../assist/assist-error.ts'
import { useErrorWords } from '../trpc/studio-error.ts'
import type { ServerPredictions } from './use-server-predictions.ts'

export interface PredictionProblemsProps {
  /** What ended the last attempt in the browser; null = nothing did. */
  browserError: unknown
  serverFailures: ServerPredictions['failures']
}

/** Why predictions are missing, and what to do about it. */
export function PredictionProblems({ browserError, serverFailures }: PredictionProblemsProps) {
  const t = useTranslations('review')
  const errorWords = useErrorWords()
  const browserWords = () => {
    if (browserError instanceof AssistError) {
      return { text: t(`failures.${browserError.code}`), detail: browserError.message }
    }
    const { title, description } = errorWords(browserError)
    return { text: title, detail: description }
  }
  const problems = [
    ...(browserError === null ? [] : [{ key: 'browser', ...browserWords() }]),
    ...serverFailures.map(({ model, reason }) => ({
      key: model,
      text: t('failures.server', { model: t(`models.${model}`) }),
      detail: reason,
    })),
  ]
  if (problems.length === 0) return null
  return (
    <div role="alert" className="border-border border-b bg-danger-soft px-4 py-2 text-danger">
      {problems.map(({ key, text, detail }) => (
        <p key={key} className="flex items-center gap-2">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          <span>{text}</span>
          <span className="min-w-0 flex-1 truncate text-muted text-sm" title={detail}>
            {detail}
          </span>
        </p>
      ))}
    </div>
  )
}
