'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { IconButton } from './icon-button.tsx'

export const OVERLAY_CLASSES = 'fixed inset-0 z-50 animate-appear bg-overlay'

/**
 * Focus goes to the first field, or to the panel itself; never to the close button, whose tooltip would
 * open at once and take the first press of Escape.
 */
function focusFirstField(event: Event): void {
  const content = event.currentTarget
  if (!(content instanceof HTMLElement)) return
  event.preventDefault()
  if (document.activeElement !== content && content.contains(document.activeElement)) return
  const field = content.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, [role="combobox"]')
  ;(field ?? content.querySelector<HTMLElement>('[data-text]') ?? content).focus()
}

export interface OverlayProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  /** Buttons, right aligned; the main one last. */
  footer?: ReactNode
  /** Prevent its default to keep the panel open: Escape may end something smaller inside first. */
  onEscapeKeyDown?: (event: KeyboardEvent) => void
  /** There is nothing in it to press: the text itself takes the focus, so that the arrows scroll it. */
  isText?: boolean
  children?: ReactNode
}

/** What a dialog and a side panel share. Traps focus and gives it back to where it was (Radix does both). */
export function Overlay({
  open,
  onOpenChange,
  title,
  description,
  footer,
  onEscapeKeyDown,
  isText = false,
  children,
  classes,
}: OverlayProps & { classes: { panel: string; header: string; body: string } }) {
  const t = useTranslations('common')
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={OVERLAY_CLASSES} />
        <Primitive.Content
          onOpenAutoFocus={focusFirstField}
          {...(onEscapeKeyDown ? { onEscapeKeyDown } : {})}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cn('fixed z-50 flex flex-col border-border shadow-dialog outline-none', classes.panel)}
        >
          <header className={cn('flex items-start gap-4 border-border px-5', classes.header)}>
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-md">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-1 text-muted">{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <IconButton label={t('close')} icon={<X />} size="sm" />
            </Primitive.Close>
          </header>
          {children && (
            <div
              {...(isText ? { 'data-text': true, tabIndex: 0 } : {})}
              className={cn(
                'min-h-0 flex-1 overflow-y-auto px-5 focus-visible:-outline-offset-2',
                classes.body,
                // Room between the outline of the focus and the first line.
                isText && 'pt-3',
              )}
            >
              {children}
            </div>
          )}
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
