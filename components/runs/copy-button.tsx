'use client'

import { Copy } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { IconButton } from '../ui/icon-button.tsx'
import { toast } from '../ui/toast.tsx'

/** Puts a text into the clipboard and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useTranslations('runs.artefacts')
  return (
    <IconButton
      size="sm"
      icon={<Copy />}
      label={label}
      onClick={async () => {
        await navigator.clipboard.writeText(text)
        toast.success(t('copied'))
      }}
    />
  )
}
