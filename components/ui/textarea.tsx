'use client'

import type { ComponentProps } from 'react'
import { cn } from './cn.ts'
import { useFieldControl } from './field.tsx'
import { CONTROL_CLASSES } from './input.tsx'

export function Textarea({ className, rows = 4, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...useFieldControl()}
      rows={rows}
      className={cn(CONTROL_CLASSES, 'resize-y px-2 py-1', className)}
      {...props}
    />
  )
}
