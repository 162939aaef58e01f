'use client'

import { Check, X } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { Badge } from '../ui/badge.tsx'
import type { ScoredAnswer } from './scored-sample.ts'

/** Right or wrong by the rule of P@1, with the IoU it rests on. Never by colour alone. */
export function VerdictBadge({ answer }: { answer: Pick<ScoredAnswer, 'score'> }) {
  const t = useTranslations('review.verdict')
  const format = useFormatter()
  const { correct, bestIou } = answer.score
  return (
    <Badge tone={correct ? 'success' : 'danger'} icon={correct ? <Check /> : <X />}>
      {bestIou === null
        ? t(correct ? 'absent' : 'notAbsent')
        : t('iou', { iou: format.number(bestIou, { minimumFractionDigits: 2, maximumFractionDigits: 2 }) })}
    </Badge>
  )
}
