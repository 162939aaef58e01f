'use client'

import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'
import { useFieldControl } from './field.tsx'

export const CONTROL_CLASSES =
  'w-full min-w-0 rounded-md border border-border-strong bg-raised text-text transition-colors duration-100 hover:border-faint focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-danger disabled:opacity-50'

export interface InputProps extends Omit<ComponentProps<'input'>, 'size'> {
  size?: 'sm' | 'md' | 'lg'
  /** Drawn inside, before the text. */
  icon?: ReactNode
}

const SIZE = { sm: 'h-6 px-2 text-sm', md: 'h-7 px-2', lg: 'h-9 px-3 text-md' } as const

export function Input({ size = 'md', icon, className, ...props }: InputProps) {
  const control = useFieldControl()
  const input = (
    <input
      {...control}
      className={cn(CONTROL_CLASSES, 'text-ellipsis', SIZE[size], icon && 'pl-7', className)}
      autoComplete="off"
      {...props}
    />
  )
  if (!icon) return input
  return (
    <span className="relative flex w-full min-w-0 items-center">
      <span aria-hidden className="pointer-events-none absolute left-2 text-muted [&_svg]:size-4">
        {icon}
      </span>
      {input}
    </span>
  )
}
