'use client'

import { useTranslations } from 'next-intl'
import { AlertDialog as Primitive } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Input } from './input.tsx'
import { OVERLAY_CLASSES } from './overlay.tsx'

export interface ConfirmDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  /** Names what goes and whether it can come back. */
  description: ReactNode
  confirmLabel: string
  onConfirm: () => void
  busy?: boolean
  /** When given, this text must be typed before the button works. */
  typeToConfirm?: { text: string; label: ReactNode }
}

/** Asks once before something is destroyed. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  onConfirm,
  busy = false,
  typeToConfirm,
}: ConfirmDialogProps) {
  const t = useTranslations('common')
  const [typed, setTyped] = useState('')
  const ready = !typeToConfirm || typed.trim() === typeToConfirm.text
  return (
    <Primitive.Root
      open={open}
      onOpenChange={(next) => {
        setTyped('')
        onOpenChange(next)
      }}
    >
      <Primitive.Portal>
        <Primitive.Overlay className={OVERLAY_CLASSES} />
        <Primitive.Content className="fixed top-[20vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 animate-appear rounded-xl border border-border bg-raised shadow-dialog outline-none">
          <div className="flex flex-col gap-2 px-5 py-4">
            <Primitive.Title className="font-semibold text-md">{title}</Primitive.Title>
            <Primitive.Description className="text-muted">{description}</Primitive.Description>
            {typeToConfirm && (
              <Field label={typeToConfirm.label} className="mt-2">
                <Input value={typed} onChange={(event) => setTyped(event.target.value)} />
              </Field>
            )}
          </div>
          <footer className="flex justify-end gap-2 border-border border-t px-5 py-3">
            <Primitive.Cancel asChild>
              <Button>{t('cancel')}</Button>
            </Primitive.Cancel>
            <Button variant="danger" busy={busy} disabled={!ready} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </footer>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
