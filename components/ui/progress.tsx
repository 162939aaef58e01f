'use client'

import { Progress as Primitive } from 'radix-ui'
import { cn } from './cn.ts'

export interface ProgressProps {
  /** 0..1; null while there is nothing to count yet. */
  value: number | null
  /** Accessible name. */
  label: string
  tone?: 'accent' | 'success' | 'danger'
  className?: string
}

const TONE = { accent: 'bg-accent', success: 'bg-success', danger: 'bg-danger' } as const

export function Progress({ value, label, tone = 'accent', className }: ProgressProps) {
  const percent = value === null ? null : Math.min(100, Math.max(0, value * 100))
  return (
    <Primitive.Root
      value={percent === null ? null : Math.round(percent)}
      aria-label={label}
      className={cn('h-1.5 w-full overflow-hidden rounded-full bg-active', className)}
    >
      <Primitive.Indicator
        className={cn(
          'h-full rounded-full transition-[width] duration-200',
          TONE[tone],
          percent === null && 'w-1/3 animate-pulse',
        )}
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </Primitive.Root>
  )
}
