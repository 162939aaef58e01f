'use client'

import { type ReactNode, useState } from 'react'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'

export interface NumberFieldProps {
  label: ReactNode
  hint?: ReactNode
  value: number
  min: number
  max: number
  onChange: (value: number) => void
}

/** A whole number. What is being typed may be empty or out of range for a moment; only sound values go on. */
export function NumberField({ label, hint, value, min, max, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <Field label={label} hint={hint}>
      <Input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        value={typed ?? String(value)}
        onChange={({ target }) => {
          setTyped(target.value)
          const next = target.valueAsNumber
          if (Number.isInteger(next) && next >= min && next <= max) onChange(next)
        }}
        onBlur={() => setTyped(null)}
      />
    </Field>
  )
}
