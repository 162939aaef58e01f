'use client'

import { Check } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { PredictionModel } from '../../server/contracts/prediction.ts'
import { useActions } from '../app-shell/actions.ts'
import { useCan } from '../app-shell/project-context.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { answerBoxes } from './drawn-boxes.ts'
import type { ScoredAnswer, ScoredSample } from './scored-sample.ts'
import { useAccept } from './use-accept.ts'
import { useBackendWords } from './use-backend-words.ts'

/** The question, and word for word what each model said, with the IoU of every box. `A` accepts the tuned one's. */
export function AnswerPanel({ runId, scored }: { runId: string; scored: ScoredSample }) {
  const t = useTranslations('review')
  const { accept, isAccepting } = useAccept(runId)
  const mayWrite = useCan('annotations.write')
  const canAccept = (model: PredictionModel) => mayWrite && (scored[model]?.boxes.length ?? 0) > 0
  const acceptsTuned = canAccept('tuned')
  useActions(
    useMemo(
      () => [
        {
          name: 'review.accept',
          label: t('accept.tuned'),
          group: t('title'),
          keys: 'a',
          isAvailable: acceptsTuned,
          run: () => accept({ scored, model: 'tuned' }),
        },
      ],
      [t, accept, scored, acceptsTuned],
    ),
  )
  return (
    <div className="grid max-h-56 shrink-0 grid-cols-3 gap-3 overflow-y-auto border-border border-t p-3">
      <div className="min-w-0">
        <h3 className="mb-1 flex h-6 items-center font-medium text-muted text-sm">{t('answer.prompt')}</h3>
        <p className="break-words font-mono text-sm">{scored.sample.prompt}</p>
        <p className="mt-2 truncate text-muted text-sm">
          {t('answer.picture', {
            name: scored.sample.fileName,
            width: scored.sample.width,
            height: scored.sample.height,
          })}
        </p>
      </div>
      {(['base', 'tuned'] as const).map((model) => (
        <div key={model} className="min-w-0">
          <div className="mb-1 flex h-6 items-center gap-2">
            <h3 className="min-w-0 flex-1 font-medium text-muted text-sm">{t(`models.${model}`)}</h3>
            {canAccept(model) && (
              <Tooltip content={t('accept.hint')} shortcut={model === 'tuned' ? 'a' : undefined} side="top">
                <Button
                  size="sm"
                  icon={<Check />}
                  disabled={isAccepting}
                  onClick={() => accept({ scored, model })}
                >
                  {t('accept.button')}
                </Button>
              </Tooltip>
            )}
          </div>
          {scored[model] ? (
            <AnswerText scored={scored} answer={scored[model]} />
          ) : (
            <p className="text-muted">{t('panes.unanswered')}</p>
          )}
        </div>
      ))}
    </div>
  )
}

function AnswerText({ scored, answer }: { scored: ScoredSample; answer: ScoredAnswer }) {
  const t = useTranslations('review')
  const format = useFormatter()
  const backendWords = useBackendWords()
  const predicted = answerBoxes(scored.sample, answer).filter(({ role }) => role !== 'miss')
  const missed = scored.sample.truth.length - answer.score.matches.length
  return (
    <>
      <Card className="bg-sunken px-2 py-1">
        <p className="break-words font-mono text-sm">{answer.text || t('answer.empty')}</p>
      </Card>
      <ul className="mt-1.5 flex flex-wrap gap-1">
        {predicted.map((box, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the boxes of an answer have no other name
          <li key={index}>
            <Badge tone={box.role === 'match' ? 'neutral' : 'danger'}>
              <span aria-hidden className="size-2 rounded-full" style={{ background: box.colour }} />
              {box.iou === null
                ? t('answer.extra')
                : t('verdict.iou', {
                    iou: format.number(box.iou, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
                  })}
            </Badge>
          </li>
        ))}
        {missed > 0 && (
          <li>
            <Badge tone="warning">{t('answer.missed', { count: missed })}</Badge>
          </li>
        )}
      </ul>
      <p className="mt-1.5 text-faint text-xs">
        {t('answer.made', {
          backend: backendWords(answer.backend),
          tokens: answer.tokens,
          milliseconds: answer.milliseconds,
        })}
      </p>
    </>
  )
}
