'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useMemo, useState } from 'react'
import type { PredictionModel } from '../../server/contracts/prediction.ts'
import { answerBoxes, truthBoxes } from './drawn-boxes.ts'
import { Pane, type PaneProps } from './pane.tsx'
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

  return (
    <div className="flex min-h-72 flex-1 divide-x divide-border">
      <Pane
        {...shared}
        title={t('panes.truth')}
        badge={
          <Note>
            {failed
              ? t('panes.noPicture')
              : truth.length === 0
                ? t('panes.negative')
                : t('panes.boxes', { count: truth.length })}
          </Note>
        }
        description={t('panes.describeTruth', { expression: sample.expression, count: truth.length })}
        boxes={truth}
      />
      {(['base', 'tuned'] as const).map((model) => (
        <AnswerPane key={model} {...shared} model={model} scored={scored} />
      ))}
    </div>
  )
}

interface AnswerPaneProps extends Pick<PaneProps, 'image' | 'imageSize' | 'viewport' | 'onViewport'> {
  model: PredictionModel
  scored: ScoredSample
}

function AnswerPane({ model, scored, ...shared }: AnswerPaneProps) {
  const t = useTranslations('review')
  const answer = scored[model]
  const { sample } = scored
  const boxes = useMemo(() => (answer ? answerBoxes(sample, answer) : []), [answer, sample])
  return (
    <Pane
      {...shared}
      title={t(`models.${model}`)}
      badge={
        answer ? (
          <>
            {answer.boxes.length === 0 && <Note>{t('panes.noBox')}</Note>}
            <VerdictBadge answer={answer} />
          </>
        ) : (
          <Note>{t('panes.unanswered')}</Note>
        )
      }
      description={t('panes.describeAnswer', {
        model: t(`models.${model}`),
        count: answer?.boxes.length ?? 0,
        matched: answer?.score.matches.length ?? 0,
      })}
      boxes={boxes}
    />
  )
}

function Note({ children }: { children: ReactNode }) {
  return <span className="truncate text-muted tabular-nums">{children}</span>
}
