'use client'

import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export interface SegmentedProps<Value extends string> {
  value: Value
  onValueChange: (value: Value) => void
  options: readonly { value: Value; label: ReactNode; disabled?: boolean }[]
  'aria-label': string
  className?: string
}

/** Two to five choices of which exactly one is on. */
export function Segmented<Value extends string>({
  value,
  onValueChange,
  options,
  className,
  'aria-label': label,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      // Radix reports '' when the chosen one is pressed again; a choice stays made.
      onValueChange={(next) => next && onValueChange(next as Value)}
      aria-label={label}
      className={cn('inline-flex h-7 items-center rounded-md bg-active p-0.5', className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled}
          className="inline-flex h-6 flex-auto items-center justify-center gap-1 rounded-[5px] px-2 font-medium text-muted hover:text-text disabled:opacity-50 data-[state=on]:bg-raised data-[state=on]:text-text data-[state=on]:shadow-sm [&_svg]:size-4"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
