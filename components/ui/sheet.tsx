'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { focusFirstField, OVERLAY_CLASSES } from './dialog.tsx'
import { IconButton } from './icon-button.tsx'

export interface SheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  footer?: ReactNode
  size?: 'md' | 'lg'
  children: ReactNode
}

const WIDTH = { md: 'max-w-md', lg: 'max-w-2xl' } as const

/** A panel over the right edge for work that needs the page behind it in mind. */
export function Sheet({ open, onOpenChange, title, description, footer, size = 'md', children }: SheetProps) {
  const t = useTranslations('common')
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={OVERLAY_CLASSES} />
        <Primitive.Content
          onOpenAutoFocus={focusFirstField}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cn(
            'fixed inset-y-0 right-0 z-50 flex w-full animate-slide-in flex-col border-border border-l bg-surface shadow-dialog outline-none',
            WIDTH[size],
          )}
        >
          <header className="flex items-start gap-4 border-border border-b px-5 py-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-md">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-0.5 text-muted">{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <IconButton label={t('close')} icon={<X />} size="sm" />
            </Primitive.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && (
            <footer className="flex items-center justify-end gap-2 border-border border-t px-5 py-3">
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
