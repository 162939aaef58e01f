'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { MemoryEstimate, RunPreview } from '../../../server/contracts/run-preview.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useAmounts } from '../use-amounts.ts'
import { ProblemList } from './problem-list.tsx'

/** From dark to light, one step a part; the order of the legend is that of the bar. */
const SHADES: Record<keyof MemoryEstimate, string> = {
  weights: 'bg-accent',
  gradients: 'bg-accent/80',
  optimizer: 'bg-accent/60',
  activations: 'bg-accent/40',
  vision: 'bg-accent/25',
}
const PARTS = Object.keys(SHADES) as (keyof MemoryEstimate)[]

/** What the run will take, before it takes it. */
export function Consequences({ preview }: { preview: RunPreview | undefined }) {
  const t = useTranslations('runs.sheet')
  const { bytes, duration } = useAmounts()
  if (!preview) return <Skeleton className="h-40" />
  const { memory, device } = preview
  const needed = PARTS.reduce((sum, part) => sum + memory[part], 0)
  const values = { needed: bytes(needed), available: bytes(device.memoryBytes), device: device.name }
  return (
    <section aria-label={t('consequences')} className="space-y-3 rounded-lg bg-sunken p-3">
      <h3 className="font-semibold">{t('consequences')}</h3>
      <div>
        <Line label={t('memory')}>{t('memoryOf', values)}</Line>
        <MemoryBar memory={memory} available={device.memoryBytes} />
      </div>
      <Line label={t('time')} note={t(`basis.${preview.basis}`)}>
        {t('timeSteps', { duration: duration(preview.seconds), steps: preview.steps })}
      </Line>
      <Line label={t('disk')}>
        {t('diskOf', { needed: bytes(preview.diskBytes), available: bytes(preview.diskFreeBytes) })}
      </Line>
      <Line label={t('samples')}>
        {t('samplesUsed', { samples: preview.samples, val: preview.valSamples })}
      </Line>
      <ProblemList problems={preview.problems} field="machine" />
    </section>
  )
}

function Line({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <p className="m-0 flex gap-3">
      <span className="w-20 shrink-0 text-muted">{label}</span>
      <span className="min-w-0 tabular-nums">
        {children}
        {note && <span className="block text-muted text-sm">{note}</span>}
      </span>
    </p>
  )
}

function MemoryBar({ memory, available }: { memory: MemoryEstimate; available: number }) {
  const t = useTranslations('runs.sheet')
  const { bytes } = useAmounts()
  const needed = PARTS.reduce((sum, part) => sum + memory[part], 0)
  const whole = Math.max(needed, available)
  return (
    <div className="mt-1.5">
      <div aria-hidden className="flex h-2 overflow-hidden rounded-full bg-active">
        {PARTS.map((part) => (
          <span key={part} className={SHADES[part]} style={{ width: `${(memory[part] / whole) * 100}%` }} />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-3 gap-y-0.5 text-muted text-sm">
        {PARTS.map((part) => (
          <li key={part} className="flex items-center gap-1 tabular-nums">
            <span aria-hidden className={`size-2 rounded-full ${SHADES[part]}`} />
            {t(`parts.${part}`)} {bytes(Math.round(memory[part]))}
          </li>
        ))}
      </ul>
    </div>
  )
}
