import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export interface ToggleProps {
  label?: ReactNode
  disabled?: boolean
  className?: string
  /** Needed when there is no visible label. */
  'aria-label'?: string
}

/** A toggle with its label beside it; pressing the label presses the toggle. */
export function LabelledToggle({
  id,
  label,
  className,
  children,
}: {
  id: string
  label: ReactNode
  className: string | undefined
  children: ReactNode
}) {
  return (
    <span className={cn('inline-flex items-center gap-2', className)}>
      {children}
      {label && <label htmlFor={id}>{label}</label>}
    </span>
  )
}
