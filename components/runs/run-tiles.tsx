'use client'

import { useFormatter, useNow, useTranslations } from 'next-intl'
import type { RunHistory } from './fold-events.ts'
import { useAmounts } from './use-amounts.ts'
import type { Run } from './use-live-run.ts'

/** The figures of the moment; a dash where there is none yet. */
export function RunTiles({ run, history }: { run: Run; history: RunHistory }) {
  const t = useTranslations('runs.tiles')
  const format = useFormatter()
  const { bytes, duration } = useAmounts()
  const now = useNow({ updateInterval: 1000 })
  const last = history.steps.at(-1)
  const scored = history.evals.findLast(({ metrics }) => metrics !== null)
  const precision = scored?.metrics?.precision_at_1
  const isActive = ['starting', 'running', 'stopping'].includes(run.status)
  const elapsed = run.startedAt && ((run.endedAt ?? now).getTime() - run.startedAt.getTime()) / 1000
  const digits = (value: number) => format.number(value, { maximumSignificantDigits: 3 })
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-border bg-border sm:grid-cols-4 xl:grid-cols-7">
      <Tile
        label={t('loss')}
        value={last && digits(last.loss)}
        note={last && t('epoch', { epoch: last.epoch })}
      />
      <Tile
        label={t('precision')}
        value={precision !== undefined && format.number(precision, { minimumFractionDigits: 2 })}
        note={scored && t('precisionOf', { samples: scored.samples })}
      />
      <Tile label={t('samples')} value={last && digits(last.samples_per_second)} />
      <Tile label={t('tokens')} value={last && format.number(Math.round(last.tokens_per_second))} />
      <Tile label={t('memory')} value={last && bytes(last.memory_bytes)} note={run.device} />
      <Tile
        label={t('elapsed')}
        value={elapsed !== null && elapsed >= 0 && duration(elapsed)}
        note={isActive && last && t('left', { left: duration(last.seconds_left) })}
      />
      <Tile
        label={t('used')}
        value={history.summary && format.number(history.summary.used)}
        note={history.summary && t('usedHint', history.summary)}
      />
    </dl>
  )
}

type Shown = string | false | null | undefined

function Tile({ label, value, note }: { label: string; value: Shown; note?: Shown }) {
  return (
    <div className="bg-surface px-3 py-2">
      <dt className="truncate text-muted text-sm">{label}</dt>
      <dd className="m-0 font-semibold text-md tabular-nums">{value || '–'}</dd>
      {note && <dd className="m-0 truncate text-muted text-sm tabular-nums">{note}</dd>}
    </div>
  )
}
