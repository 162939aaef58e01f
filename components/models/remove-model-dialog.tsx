'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { BaseModelId } from '../../server/contracts/ids.ts'
import { useTRPC } from '../trpc/client.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { toast } from '../ui/toast.tsx'
import type { Model } from './model-table.tsx'

export function RemoveModelDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const t = useTranslations('models')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.models.remove.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.models.pathFilter())
        toast.success(t('removed', { name: model.name }))
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('removeTitle', { name: model.name })}
      description={t('removeDescription')}
      confirmLabel={t('removeConfirm')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ id: BaseModelId.parse(model.id) })}
    />
  )
}
