'use client'

import { Switch as Primitive } from 'radix-ui'
import { useId } from 'react'
import { LabelledToggle, type ToggleProps } from './labelled-toggle.tsx'

export interface SwitchProps extends ToggleProps {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
}

export function Switch({ checked, onCheckedChange, label, disabled, className, ...props }: SwitchProps) {
  const id = useId()
  return (
    <LabelledToggle id={id} label={label} className={className}>
      <Primitive.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onCheckedChange}
        className="relative h-4.5 w-8 shrink-0 rounded-full bg-faint transition-colors disabled:opacity-50 data-[state=checked]:bg-accent"
        {...props}
      >
        <Primitive.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-white transition-transform data-[state=checked]:translate-x-4" />
      </Primitive.Root>
    </LabelledToggle>
  )
}
