'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Textarea } from '../../ui/textarea.tsx'
import { isSend } from '../comments/composer.tsx'

export interface ReturnDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  busy: boolean
  /** Resolves to whether it was taken. */
  onReturn: (comment: string) => Promise<boolean>
}

/** Why the image goes back; what is typed stays when the server did not take it. */
export function ReturnDialog({ open, onOpenChange, busy, onReturn }: ReturnDialogProps) {
  const t = useTranslations('team.review')
  const common = useTranslations('common')
  const [text, setText] = useState('')
  const send = async () => {
    if (text.trim() && (await onReturn(text.trim()))) onOpenChange(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="sm"
      title={t('returnTitle')}
      description={t('returnDescription')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button variant="primary" busy={busy} disabled={!text.trim()} onClick={send}>
            {t('return')}
            <Kbd keys="mod+enter" isPlain />
          </Button>
        </>
      }
    >
      <Field label={t('reason')}>
        <Textarea
          value={text}
          rows={4}
          maxLength={4000}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (!isSend(event)) return
            event.preventDefault()
            void send()
          }}
        />
      </Field>
    </Dialog>
  )
}
