'use client'

import { Switch as Primitive } from 'radix-ui'
import { type ReactNode, useId } from 'react'
import { cn } from './cn.ts'

export interface SwitchProps {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  label?: ReactNode
  disabled?: boolean
  className?: string
  /** Needed when there is no visible label. */
  'aria-label'?: string
}

export function Switch({ checked, onCheckedChange, label, disabled, className, ...props }: SwitchProps) {
  const id = useId()
  return (
    <span className={cn('inline-flex items-center gap-2', className)}>
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
      {label && <label htmlFor={id}>{label}</label>}
    </span>
  )
}
