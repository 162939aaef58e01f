'use client'

import { useTranslations } from 'next-intl'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import type { ImageCard } from './use-image-list.ts'

export interface DeleteImagesDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  images: readonly ImageCard[]
  busy: boolean
  onConfirm: () => void
}

export function DeleteImagesDialog({ open, onOpenChange, images, busy, onConfirm }: DeleteImagesDialogProps) {
  const t = useTranslations('images.selection')
  const boxes = images.reduce((sum, image) => sum + image.boxCount, 0)
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('deleteTitle', { count: images.length, name: images[0]?.fileName ?? '' })}
      description={t('deleteDescription', { boxes })}
      confirmLabel={t('delete')}
      busy={busy}
      onConfirm={onConfirm}
    />
  )
}
