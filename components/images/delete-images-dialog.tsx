'use client'

import { useTranslations } from 'next-intl'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useKnownCards } from './use-image-cards.ts'

export interface DeleteImagesDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Positions, ascending. */
  chosen: Int32Array
  busy: boolean
  onConfirm: () => void
}

export function DeleteImagesDialog({ open, onOpenChange, chosen, busy, onConfirm }: DeleteImagesDialogProps) {
  const t = useTranslations('images.selection')
  const findKnown = useKnownCards()
  const known = open ? findKnown() : new Map<number, never>()
  const images = [...chosen.subarray(0, known.size + 1)].flatMap((position) => known.get(position) ?? [])
  const boxes = images.reduce((sum, image) => sum + image.boxCount, 0)
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('deleteTitle', { count: chosen.length, name: images[0]?.fileName ?? '' })}
      // Of what was never loaded nobody has counted the boxes.
      description={
        images.length === chosen.length ? t('deleteDescription', { boxes }) : t('deleteDescriptionMany')
      }
      confirmLabel={t('delete')}
      busy={busy}
      onConfirm={onConfirm}
    />
  )
}
