'use client'

import { Check, Minus } from 'lucide-react'
import { Checkbox as Primitive } from 'radix-ui'
import { useId } from 'react'
import { LabelledToggle, type ToggleProps } from './labelled-toggle.tsx'

export interface CheckboxProps extends ToggleProps {
  checked: boolean | 'indeterminate'
  onCheckedChange: (checked: boolean) => void
}

export function Checkbox({ checked, onCheckedChange, label, disabled, className, ...props }: CheckboxProps) {
  const id = useId()
  return (
    <LabelledToggle id={id} label={label} className={className}>
      <Primitive.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onCheckedChange(next === true)}
        className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-faint bg-raised text-on-accent disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent"
        {...props}
      >
        <Primitive.Indicator>
          {checked === 'indeterminate' ? (
            <Minus aria-hidden className="size-3" strokeWidth={3} />
          ) : (
            <Check aria-hidden className="size-3" strokeWidth={3} />
          )}
        </Primitive.Indicator>
      </Primitive.Root>
    </LabelledToggle>
  )
}
