'use client'

import { Cpu, MonitorPlay } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCan } from '../app-shell/project-context.tsx'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { openQuestions } from './predict-all.ts'
import type { Review } from './scored-sample.ts'
import type { BrowserPredictions } from './use-browser-predictions.ts'
import type { ServerPredictions } from './use-server-predictions.ts'

export interface PredictControlsProps {
  review: Review
  browser: BrowserPredictions
  server: ServerPredictions
}

/** Both ways of making predictions. The browser goes on where it stopped; when all is done it begins anew. */
export function PredictControls({ review, browser, server }: PredictControlsProps) {
  const t = useTranslations('review')
  const mayPredict = useCan('predictions.write')
  if (!mayPredict) return null
  const left = {
    base: openQuestions(review.samples, 'base'),
    tuned: openQuestions(review.samples, 'tuned'),
  }
  const count = left.base.length + left.tuned.length
  const begun = review.totals.some(({ source }) => source === 'browser')
  const again = count === 0
  const start = () =>
    browser.start(
      again
        ? {
            base: openQuestions(review.samples, 'base', true),
            tuned: openQuestions(review.samples, 'tuned', true),
          }
        : left,
    )
  const [running] = server.active
  return (
    <>
      <Tooltip content={t('server.hint')}>
        <Button icon={<Cpu />} busy={server.isStarting || running !== undefined} onClick={server.start}>
          {running
            ? t('server.running', {
                model: t(`models.${running.model}`),
                done: running.progress?.done ?? 0,
                total: running.progress?.total ?? 0,
              })
            : t('server.start')}
        </Button>
      </Tooltip>
      <Tooltip content={t('browser.hint')}>
        <Button
          variant="primary"
          icon={<MonitorPlay />}
          disabled={browser.state !== null || review.samples.length === 0}
          onClick={start}
        >
          {again ? t('browser.again') : begun ? t('browser.continue', { count }) : t('browser.start')}
        </Button>
      </Tooltip>
    </>
  )
}
