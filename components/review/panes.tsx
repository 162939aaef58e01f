'use client'

import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import type { PredictionModel } from '../../server/contracts/prediction.ts'
import { answerBoxes, truthBoxes } from './drawn-boxes.ts'
import { Pane } from './pane.tsx'
import type { ScoredSample } from './scored-sample.ts'
import { useImage } from './use-image.ts'
import { VerdictBadge } from './verdict-badge.tsx'
import { type Viewport, WHOLE } from './viewport.ts'

/** Ground truth, base and tuned side by side; all three show the same part of the picture. */
export function Panes({ scored }: { scored: ScoredSample }) {
  const t = useTranslations('review')
  const { sample } = scored
  const { image, failed } = useImage(`/api/images/${sample.imageId}`)
  const [viewport, setViewport] = useState<Viewport>(WHOLE)
  const truth = useMemo(() => truthBoxes(sample), [sample])
  const shared = { image, imageSize: sample, viewport, onViewport: setViewport }
  const missing = failed ? t('panes.noPicture') : undefined

  return (
    <div className="flex min-h-72 flex-1 divide-x divide-border">
      <Pane
        {...shared}
        title={t('panes.truth')}
        badge={<span className="text-muted tabular-nums">{t('panes.boxes', { count: truth.length })}</span>}
        description={t('panes.describeTruth', { expression: sample.expression, count: truth.length })}
        boxes={truth}
        notice={missing ?? (truth.length === 0 ? t('panes.negative') : undefined)}
      />
      {(['base', 'tuned'] as const).map((model) => (
        <AnswerPane key={model} {...shared} model={model} scored={scored} missing={missing} />
      ))}
    </div>
  )
}

interface AnswerPaneProps {
  model: PredictionModel
  scored: ScoredSample
  image: HTMLImageElement | null
  imageSize: { width: number; height: number }
  viewport: Viewport
  onViewport: (change: (viewport: Viewport) => Viewport) => void
  missing: string | undefined
}

function AnswerPane({ model, scored, missing, ...shared }: AnswerPaneProps) {
  const t = useTranslations('review')
  const answer = scored[model]
  const { sample } = scored
  const boxes = useMemo(() => (answer ? answerBoxes(sample, answer) : []), [answer, sample])
  const notice = !answer ? t('panes.unanswered') : answer.boxes.length === 0 ? t('panes.noBox') : undefined
  return (
    <Pane
      {...shared}
      title={t(`models.${model}`)}
      badge={answer && <VerdictBadge answer={answer} />}
      description={t('panes.describeAnswer', {
        model: t(`models.${model}`),
        count: answer?.boxes.length ?? 0,
        matched: answer?.score.matches.length ?? 0,
      })}
      boxes={boxes}
      notice={missing ?? notice}
    />
  )
}
