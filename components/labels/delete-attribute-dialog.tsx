'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import type { Attribute } from '../../server/contracts/attribute.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toast.tsx'

export interface DeleteAttributeDialogProps {
  attribute: Attribute
  /** Boxes that carry a value. */
  boxes: number
  onClose: () => void
}

/** Says how many boxes carry values, and asks what becomes of those. */
export function DeleteAttributeDialog({ attribute, boxes, onClose }: DeleteAttributeDialogProps) {
  const t = useTranslations('labels.attributes')
  const edits = useTranslations('labels.edits')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const remove = useMutation(
    trpc.attributes.delete.mutationOptions({
      onSuccess: async ({ images }) => {
        await Promise.all([
          queries.invalidateQueries(trpc.attributes.pathFilter()),
          queries.invalidateQueries(trpc.labels.pathFilter()),
        ])
        if (images > 0) toast.success(edits('begun', { count: images }))
        onClose()
      },
    }),
  )
  const send = (values: 'keep' | 'delete') => remove.mutate({ projectId, id: attribute.id, values })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={t('deleteTitle', { name: attribute.name })}
      description={t('deleteDescription', { count: boxes })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          {boxes > 0 && (
            <Button busy={remove.isPending} onClick={() => send('keep')}>
              {t('keepValues')}
            </Button>
          )}
          <Button variant="danger" busy={remove.isPending} onClick={() => send('delete')}>
            {boxes > 0 ? t('deleteValues', { count: boxes }) : t('delete')}
          </Button>
        </>
      }
    />
  )
}
