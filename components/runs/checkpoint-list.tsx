'use client'

import { Star } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { Badge } from '../ui/badge.tsx'
import { Card, CardHeader } from '../ui/card.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '../ui/table.tsx'
import { bestStep, type RunHistory } from './fold-events.ts'
import type { Run } from './use-live-run.ts'

/** The checkpoints that are on the disk now, the newest first, with the one that is best and kept for it. */
export function CheckpointList({ run, history }: { run: Run; history: RunHistory }) {
  const t = useTranslations('runs.checkpoints')
  const format = useFormatter()
  const { checkpoint, evaluate } = run.config
  const steps = run.checkpointSteps
  const best = bestStep(history, evaluate.metric)
  const figures = { maximumSignificantDigits: 4 }
  if (steps.length === 0) {
    return <p className="text-muted">{t('none', { steps: checkpoint.every_steps })}</p>
  }
  return (
    <Card className="overflow-hidden">
      <CardHeader
        title={t('title')}
        description={
          checkpoint.keep_best ? t('keepsBest', { metric: t(`metrics.${evaluate.metric}`) }) : t('keeps')
        }
      />
      <Table>
        <TableHead>
          <TableRow>
            <TableHeaderCell>{t('step')}</TableHeaderCell>
            <TableHeaderCell numeric>{t('loss')}</TableHeaderCell>
            <TableHeaderCell numeric>{t('precision')}</TableHeaderCell>
            <TableHeaderCell />
          </TableRow>
        </TableHead>
        <TableBody>
          {[...steps].reverse().map((step, index) => {
            const evaluation = history.evals.find((one) => one.step === step)
            return (
              <TableRow key={step}>
                <TableCell className="tabular-nums">{t('atStep', { step })}</TableCell>
                <TableCell numeric>{evaluation ? format.number(evaluation.loss, figures) : '–'}</TableCell>
                <TableCell numeric>
                  {evaluation?.metrics ? format.number(evaluation.metrics.precision_at_1, figures) : '–'}
                </TableCell>
                <TableCell>
                  <span className="flex gap-1.5">
                    {index === 0 && <Badge tone="accent">{t('newest')}</Badge>}
                    {step === best && (
                      <Badge tone="success" icon={<Star />}>
                        {t('best', { metric: t(`metrics.${evaluate.metric}`) })}
                      </Badge>
                    )}
                  </span>
                </TableCell>
              </TableRow>
            )
          })}
        </TableBody>
      </Table>
    </Card>
  )
}
