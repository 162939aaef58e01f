'use client'

import { useTranslations } from 'next-intl'
import type { RunEvent } from '../../server/contracts/run-events.ts'

/** An event in words: what happened, and the small print. */
export function useEventWords() {
  const t = useTranslations('runs')
  return (event: RunEvent): { what: string; details?: string | undefined } => {
    switch (event.type) {
      case 'stage': {
        const stage = t(`stages.${event.name}`)
        const what =
          event.state === 'begin' ? t('events.stageBegin', { stage }) : t('events.stageEnd', { stage })
        return { what, details: event.detail }
      }
      case 'step':
        return { what: t('events.step', { step: event.step, total: event.total_steps, loss: event.loss }) }
      case 'eval':
        return {
          what: t('events.eval', { step: event.step, loss: event.loss }),
          details: event.metrics
            ? t('events.evalMetrics', {
                precision: event.metrics.precision_at_1,
                f1: event.metrics.f1,
                failures: event.metrics.parse_failure_rate,
              })
            : undefined,
        }
      case 'checkpoint':
        return { what: t('events.checkpoint', { step: event.step }), details: event.path }
      case 'artefact':
        return {
          what: t('events.artefact', { name: t(`artefacts.kinds.${event.name}.name`) }),
          details: event.path,
        }
      case 'ledger':
        return event.summary
          ? { what: t('events.ledgerSummary', event.summary) }
          : {
              what: t('events.ledgerSample', {
                index: event.index ?? 0,
                dataset: event.dataset ?? '',
                outcome: event.outcome ?? 'refused',
              }),
              details: event.reason,
            }
      case 'example':
        return {
          what: t('events.example', { step: event.step, expression: event.expression }),
          details: event.text,
        }
      case 'adjustment':
        return {
          what: t('events.adjustment', { key: event.key, from: String(event.from), to: String(event.to) }),
          details: event.reason,
        }
      case 'heartbeat':
        return { what: t('events.heartbeat', { seconds: event.quiet_seconds }), details: event.stage }
      case 'warning':
        return { what: event.message, details: event.code }
      case 'error':
        return { what: event.message, details: event.what_to_do }
      case 'done':
        return { what: t('events.done', { status: event.status, step: event.step }) }
    }
  }
}
