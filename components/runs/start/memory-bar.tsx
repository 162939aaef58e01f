'use client'

import { useTranslations } from 'next-intl'
import type { MemoryPart } from '../../../server/contracts/estimate.ts'
import { useAmounts } from '../use-amounts.ts'

/** From what stays to what comes and goes; the order of the legend is that of the bar. */
const SHADES: Record<MemoryPart, string> = {
  weights: 'bg-accent',
  gradients: 'bg-accent/85',
  optimizer: 'bg-accent/70',
  activations_language: 'bg-accent/55',
  activations_vision: 'bg-accent/45',
  logits: 'bg-accent/35',
  kv_cache: 'bg-accent/30',
  pixels: 'bg-accent/20',
  runtime: 'bg-muted/40',
}
const PARTS = Object.keys(SHADES) as MemoryPart[]

/** Memory of one device by what it is for, against what the device has. */
export function MemoryBar({
  sizes,
  needed,
  available,
}: {
  sizes: ReadonlyMap<MemoryPart, number>
  needed: number
  available: number
}) {
  const t = useTranslations('runs.sheet.parts')
  const { bytes } = useAmounts()
  const whole = Math.max(needed, available)
  const shown = PARTS.filter((part) => (sizes.get(part) ?? 0) > 0)
  return (
    <div className="mt-1.5">
      <div aria-hidden className="flex h-2 overflow-hidden rounded-full bg-active">
        {shown.map((part) => (
          <span
            key={part}
            className={SHADES[part]}
            style={{ width: `${((sizes.get(part) ?? 0) / whole) * 100}%` }}
          />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-3 gap-y-0.5 text-muted text-sm">
        {shown.map((part) => (
          <li key={part} className="flex items-center gap-1 tabular-nums">
            <span aria-hidden className={`size-2 rounded-full ${SHADES[part]}`} />
            {t(part)} {bytes(sizes.get(part) ?? 0)}
          </li>
        ))}
      </ul>
    </div>
  )
}
