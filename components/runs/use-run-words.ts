'use client'

import { useTranslations } from 'next-intl'
import type { RunReason } from '../../server/contracts/run-reason.ts'
import { lossTrend, openStage, type RunHistory } from './fold-events.ts'
import { useAmounts } from './use-amounts.ts'
import type { Run } from './use-live-run.ts'

/** One plain sentence about how a run stands, and why it ended as it did. */
export function useRunWords() {
  const t = useTranslations('runs')
  const { duration } = useAmounts()

  function checkpointWords(step: number | null): string {
    return step === null ? t('reasons.noCheckpoint') : t('reasons.checkpoint', { step })
  }

  function reason(why: RunReason): string {
    switch (why.code) {
      case 'trainer':
        return t('reasons.trainer', { message: why.message, whatToDo: why.whatToDo })
      case 'check':
        return t('reasons.check', { count: why.problems.length })
      case 'exit':
        return `${t('reasons.exit', { code: String(why.exitCode) })} ${checkpointWords(why.checkpointStep)}`
      case 'lost': {
        const what = why.signal ? t('reasons.lostSignal', { signal: why.signal }) : t('reasons.lost')
        return `${what} ${checkpointWords(why.checkpointStep)}`
      }
      case 'launch':
        return t('reasons.launch', { message: why.message })
      case 'stoppedBeforeStart':
        return t('reasons.stoppedBeforeStart')
      case 'stoppedSaved':
      case 'stoppedNow':
        return `${t(`reasons.${why.code}`)} ${checkpointWords(why.checkpointStep)}`
    }
  }

  function running(history: RunHistory): string {
    const last = history.steps.at(-1)
    switch (openStage(history)) {
      case 'evaluate':
        return t('sentence.evaluating')
      case 'merge':
        return t('sentence.merging')
      case 'export':
        return t('sentence.exporting')
      default:
        return last
          ? t('sentence.training', {
              step: last.step,
              total: last.total_steps,
              trend: lossTrend(history.steps),
              left: duration(last.seconds_left),
            })
          : t('sentence.loading')
    }
  }

  function sentence(run: Run, history: RunHistory): string {
    if (run.reason) return reason(run.reason)
    switch (run.status) {
      case 'queued':
        return t('sentence.queued', { ahead: run.queuedBefore, device: run.device })
      case 'starting':
        return t('sentence.starting')
      case 'stopping':
        return run.stopRequest === 'now' ? t('sentence.stoppingNow') : t('sentence.stoppingSave')
      case 'succeeded':
        return t('sentence.succeeded', {
          steps: history.steps.at(-1)?.step ?? 0,
          duration: duration(((run.endedAt?.getTime() ?? 0) - (run.startedAt?.getTime() ?? 0)) / 1000),
        })
      default:
        return running(history)
    }
  }

  return { sentence, reason }
}
