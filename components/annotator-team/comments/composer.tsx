'use client'

import { Send } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import { Textarea } from '../../ui/textarea.tsx'

/** Ctrl+Enter or ⌘+Enter; Enter alone is a new line, and belongs to the input method while it composes. */
export function isSend(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing
}

export interface ComposerProps {
  label: string
  /** Resolves once it is on the server; what is typed stays until then. */
  onSend: (text: string) => Promise<unknown>
  onCancel?: () => void
  isFocused?: boolean
}

export function Composer({ label, onSend, onCancel, isFocused = false }: ComposerProps) {
  const t = useTranslations('team.comments')
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (isFocused) box.current?.focus()
  }, [isFocused])
  const send = async () => {
    if (!text.trim() || isBusy) return
    setBusy(true)
    // A refusal has raised its toast; the text is still there to be sent again.
    const isSent = await onSend(text.trim()).then(
      () => true,
      () => false,
    )
    setBusy(false)
    if (isSent) setText('')
  }
  return (
    <div className="flex items-end gap-1">
      <Textarea
        ref={box}
        rows={text ? 3 : 1}
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={4000}
        className="min-h-7 flex-1 text-sm"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (isSend(event)) void send()
          else if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
            setText('')
            onCancel?.()
          } else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <IconButton
        label={t('send')}
        shortcut="mod+enter"
        icon={<Send />}
        busy={isBusy}
        disabled={!text.trim()}
        onClick={send}
      />
    </div>
  )
}
