'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { MemoryPart } from '../../../server/contracts/estimate.ts'
import type { RunForecast, RunPreview } from '../../../server/contracts/run-preview.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { useAmounts } from '../use-amounts.ts'
import { MemoryBar } from './memory-bar.tsx'
import { ProblemList } from './problem-list.tsx'

/** What the run will take, before it takes it. Figures come from the trainer; what it does not know is not invented. */
export function Consequences({
  preview,
  forecast,
}: {
  preview: RunPreview | undefined
  /** Undefined while the trainer reads the data set. */
  forecast: RunForecast | undefined
}) {
  const t = useTranslations('runs.sheet')
  if (!preview) return <Skeleton className="h-40" />
  const { devices, published } = preview
  const name = devices[0]?.name ?? ''
  return (
    <section aria-label={t('consequences')} className="space-y-3 rounded-lg bg-sunken p-3">
      <h3 className="flex items-center gap-2 font-semibold">
        {t('consequences')}
        {!forecast && (
          <span role="status" className="flex items-center gap-1.5 font-normal text-muted text-sm">
            <Spinner className="size-3.5" /> {t('estimating')}
          </span>
        )}
      </h3>
      {published && (
        <Line label={t('recipe')} note={t('publishedHint')}>
          {t(published.isExact ? 'published' : 'publishedNear', {
            size: published.size,
            gpus: published.gpus,
            batchSize: preview.config.train.batch_size,
          })}
        </Line>
      )}
      <Line label={t('devices')}>{t('devicesOf', { count: devices.length, name })}</Line>
      <Line label={t('samples')}>
        {t('samplesUsed', { samples: preview.samples, val: preview.valSamples })}
      </Line>
      {forecast?.known && <Known forecast={forecast} steps={preview.steps} device={name} />}
      {forecast && !forecast.known && (
        <Line label={t('memory')} note={forecast.message}>
          {t('unknown.amount')} {t(`unknown.${forecast.reason}`)}
        </Line>
      )}
      <ProblemList
        problems={[...preview.problems, ...(forecast?.known ? forecast.problems : [])]}
        field="machine"
      />
    </section>
  )
}

function Known({
  forecast: { estimate, seconds },
  steps,
  device,
}: {
  forecast: Extract<RunForecast, { known: true }>
  steps: number
  device: string
}) {
  const t = useTranslations('runs.sheet')
  const { bytes, duration } = useAmounts()
  const { total_bytes, device_bytes, disk, parameters, parts } = estimate
  const memory = { needed: bytes(total_bytes), available: bytes(device_bytes), device }
  const sizes = new Map<MemoryPart, number>(parts.map(({ name, bytes: size }) => [name, size]))
  return (
    <>
      <div>
        <Line label={t('memory')} note={t(`basis.${estimate.basis}`)}>
          {t('memoryOf', memory)}
        </Line>
        <MemoryBar sizes={sizes} needed={total_bytes} available={device_bytes} />
      </div>
      <Line label={t('parameters')}>
        {t('trainable', { trainable: parameters.trainable, total: parameters.total })}
      </Line>
      <Line label={t('time')} note={seconds === null ? t('timeUnknownHint') : undefined}>
        {seconds === null
          ? t('timeUnknown', { steps })
          : t('timeSteps', { duration: duration(seconds), steps })}
      </Line>
      <Line label={t('disk')}>
        {t('diskOf', { needed: bytes(disk.total_bytes), available: bytes(disk.free_bytes) })}
      </Line>
    </>
  )
}

function Line({ label, note, children }: { label: string; note?: string | undefined; children: ReactNode }) {
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
