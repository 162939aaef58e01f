'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardHeader } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { toast } from '../ui/toast.tsx'

export function DeleteProject({ project }: { project: RouterOutputs['projects']['byId'] }) {
  const t = useTranslations('settings.danger')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const router = useRouter()
  const [isAsking, setAsking] = useState(false)
  const { id, name, counts } = project
  const remove = useMutation(
    trpc.projects.delete.mutationOptions({
      onSuccess: async () => {
        router.push('/')
        await queryClient.invalidateQueries(trpc.projects.list.queryFilter())
        toast.success(t('deleted', { name }))
      },
    }),
  )
  return (
    <Card className="border-danger/40">
      <CardHeader
        title={t('title')}
        description={t('description')}
        actions={
          <Button icon={<Trash2 />} className="text-danger" onClick={() => setAsking(true)}>
            {t('delete')}
          </Button>
        }
      />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('confirmTitle', { name })}
        description={t('confirmDescription', {
          images: counts.images,
          versions: counts.versions,
          runs: counts.runs,
        })}
        typeToConfirm={{ text: name, label: t('typeName') }}
        confirmLabel={t('confirm')}
        busy={remove.isPending || remove.isSuccess}
        onConfirm={() => remove.mutate({ projectId: id })}
      />
    </Card>
  )
}
