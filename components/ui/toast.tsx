'use client'

import { Toaster as Primitive } from 'sonner'

export { toast } from 'sonner'

/** Mounted once, in the root layout. Every toast says what to do next, or offers to undo. */
export function Toaster() {
  return (
    <Primitive
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-88 items-start gap-3 rounded-lg border border-border bg-raised px-4 py-3 text-text shadow-dialog',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'mt-0.5 text-sm text-muted',
          icon: 'mt-0.5 [&_svg]:size-4',
          error: '[&_[data-icon]]:text-danger',
          success: '[&_[data-icon]]:text-success',
          warning: '[&_[data-icon]]:text-warning',
          actionButton: 'h-6 shrink-0 rounded-md bg-accent px-2 text-sm font-medium text-on-accent',
          cancelButton: 'h-6 shrink-0 rounded-md px-2 text-sm hover:bg-hover',
        },
      }}
    />
  )
}
