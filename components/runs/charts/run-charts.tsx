'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { Card, CardBody, CardHeader } from '../../ui/card.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { RunHistory } from '../fold-events.ts'
import { LineChart } from './line-chart.tsx'
import { smooth } from './smooth.ts'

const SMOOTHING = { none: 0, some: 0.8, much: 0.95 } as const
type Smoothing = keyof typeof SMOOTHING
/** Fewer points than this are their own curve; smoothing would only hide them. */
const SMOOTH_FROM = 20

/** @param best step of the evaluation that is called best */
export function RunCharts({ history, best }: { history: RunHistory; best: number | null }) {
  const t = useTranslations('runs.charts')
  const format = useFormatter()
  const [smoothing, setSmoothing] = useState<Smoothing>('some')
  const formatX = (step: number) => t('step', { step })
  const formatLoss = (value: number, increment?: number) =>
    format.number(value, increment ? { maximumFractionDigits: decimals(increment) } : FOUR_DIGITS)
  const formatRate = (value: number) => (value === 0 ? '0' : value.toExponential(1))
  const formatShare = (value: number) => format.number(value, { maximumFractionDigits: 2 })
  const curves = useMemo(() => curvesOf(history, SMOOTHING[smoothing], best), [history, smoothing, best])

  return (
    <div className="grid gap-4 lg:grid-cols-3">
      <Card className="lg:col-span-2">
        <CardHeader
          title={t('loss')}
          description={t('lossHint')}
          actions={
            <Segmented
              aria-label={t('smoothing')}
              value={smoothing}
              onValueChange={setSmoothing}
              options={[
                { value: 'none', label: t('smoothingNone') },
                { value: 'some', label: t('smoothingSome') },
                { value: 'much', label: t('smoothingMuch') },
              ]}
            />
          }
        />
        <CardBody>
          {history.steps.length === 0 ? (
            <p className="flex h-64 items-center justify-center text-muted">{t('waiting')}</p>
          ) : (
            <LineChart
              label={t('lossHint')}
              x={curves.x}
              height={256}
              formatX={formatX}
              formatY={formatLoss}
              series={[
                { label: t('trainRaw'), values: curves.loss, colour: 'accent', alpha: 0.3, width: 1 },
                { label: t('train'), values: curves.smoothed, colour: 'accent', width: 2 },
                { label: t('held'), values: curves.held, colour: 'warning', dots: 'alone' },
                { label: t('best'), values: curves.best, colour: 'success', dots: 'alone' },
              ]}
            />
          )}
          <p className="mt-1 text-muted text-sm">{t('zoomHint')}</p>
        </CardBody>
      </Card>
      <div className="grid content-start gap-4">
        <Card>
          <CardHeader title={t('precision')} />
          <CardBody>
            {curves.evalX.length === 0 ? (
              <p className="flex h-28 items-center justify-center text-center text-muted">
                {t('noPrecision')}
              </p>
            ) : (
              <LineChart
                label={t('precision')}
                x={curves.evalX}
                height={112}
                formatX={formatX}
                formatY={formatShare}
                series={[
                  { label: 'P@1', values: curves.precision, colour: 'success', width: 2, dots: 'onLine' },
                ]}
              />
            )}
          </CardBody>
        </Card>
        <Card>
          <CardHeader title={t('rate')} />
          <CardBody>
            <LineChart
              label={t('rate')}
              x={curves.x}
              height={96}
              formatX={formatX}
              formatY={formatRate}
              series={[{ label: t('rate'), values: curves.rate, colour: 'muted' }]}
            />
          </CardBody>
        </Card>
      </div>
    </div>
  )
}

const FOUR_DIGITS = { maximumSignificantDigits: 4 }

/** Digits behind the point that tell two neighbours apart. */
function decimals(increment: number): number {
  return Math.min(8, Math.max(0, Math.ceil(-Math.log10(increment))))
}

/** Held-out loss shares the axis of the steps: an evaluation always follows a step. */
function curvesOf({ steps, evals }: RunHistory, weight: number, best: number | null) {
  const loss = steps.map((step) => step.loss)
  const heldByStep = new Map(evals.map((evaluation) => [evaluation.step, evaluation.loss]))
  const scored = evals.filter(({ metrics }) => metrics !== null)
  return {
    x: steps.map(({ step }) => step),
    loss,
    smoothed: smooth(loss, steps.length < SMOOTH_FROM ? 0 : weight),
    held: steps.map(({ step }) => heldByStep.get(step) ?? null),
    best: steps.map(({ step }) => (step === best ? (heldByStep.get(step) ?? null) : null)),
    rate: steps.map((step) => step.learning_rate),
    evalX: scored.map(({ step }) => step),
    precision: scored.map(({ metrics }) => metrics?.precision_at_1 ?? null),
  }
}
