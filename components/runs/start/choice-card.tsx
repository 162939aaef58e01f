'use client'

import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'

export interface Choice {
  value: string
  title: ReactNode
  description: ReactNode
  note?: ReactNode
}

/** One of a few, each with room to say what it means. */
export function ChoiceCards({
  label,
  value,
  onValueChange,
  choices,
  columns,
}: {
  label: string
  value: string | undefined
  onValueChange: (value: string) => void
  choices: readonly Choice[]
  columns: 1 | 3
}) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value ?? null}
      onValueChange={onValueChange}
      className={columns === 3 ? 'grid gap-2 sm:grid-cols-3' : 'grid gap-2'}
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          className="flex flex-col gap-0.5 rounded-lg border border-border bg-raised px-3 py-2 text-left hover:border-border-strong data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span className="font-medium">{choice.title}</span>
          <span className="text-muted text-sm">{choice.description}</span>
          {choice.note && <span className="text-muted text-sm">{choice.note}</span>}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
