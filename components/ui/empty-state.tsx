import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export interface EmptyStateProps {
  icon?: ReactNode
  title: ReactNode
  /** What to do next, in one sentence. */
  description?: ReactNode
  /** One button. */
  action?: ReactNode
  className?: string
}

export function EmptyState({ icon, title, description, action, className }: EmptyStateProps) {
  return (
    <div className={cn('flex flex-col items-center justify-center gap-1 px-6 py-16 text-center', className)}>
      {icon && (
        <div
          aria-hidden
          className="mb-3 flex size-10 items-center justify-center rounded-lg border border-border bg-surface text-muted [&_svg]:size-5"
        >
          {icon}
        </div>
      )}
      <h2 className="font-semibold text-md">{title}</h2>
      {description && <p className="max-w-sm text-balance text-muted">{description}</p>}
      {action && <div className="mt-4 flex gap-2">{action}</div>}
    </div>
  )
}
