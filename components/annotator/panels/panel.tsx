import { type ReactNode, useId } from 'react'
import { cn } from '../../ui/cn.ts'

export interface PanelProps {
  title: ReactNode
  /** At the right of the title. */
  tools?: ReactNode
  className?: string
  children: ReactNode
}

/** One section of the editor's right side; its body scrolls by itself. */
export function Panel({ title, tools, className, children }: PanelProps) {
  const titleId = useId()
  return (
    <section
      aria-labelledby={titleId}
      className={cn('flex min-h-0 flex-col border-border border-b last:border-b-0', className)}
    >
      <header className="flex h-8 shrink-0 items-center gap-2 px-3">
        <h2 id={titleId} className="min-w-0 flex-1 truncate font-medium text-muted text-sm">
          {title}
        </h2>
        {tools}
      </header>
      {children}
    </section>
  )
}
