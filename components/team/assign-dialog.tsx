'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { SomeImages } from '../../server/contracts/image.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useViewer } from '../app-shell/viewer.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { toast } from '../ui/toast.tsx'
import { usePeople } from './use-people.ts'

export interface AssignDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  images: SomeImages
  count: number
}

/** One person gets all of the images, several get equal parts of neighbours. */
export function AssignDialog({ open, onOpenChange, images, count }: AssignDialogProps) {
  const t = useTranslations('team.assign')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const viewer = useViewer()
  const people = usePeople()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const { mutate, isPending } = useMutation(
    trpc.images.assign.mutationOptions({
      onSuccess: async (changed, { userIds }) => {
        await queries.invalidateQueries(trpc.images.pathFilter())
        toast.success(
          userIds.length === 0 ? t('freed', { count: changed.images }) : t('done', { count: changed.images }),
        )
        setChosen([])
        onOpenChange(false)
      },
    }),
  )
  const send = (ids: readonly string[]) => mutate({ projectId, images, userIds: [...ids] })
  const annotators = people.data?.filter(({ annotates }) => annotates) ?? []
  const toggle = (id: string, on: boolean) =>
    setChosen(on ? [...chosen, id] : chosen.filter((other) => other !== id))

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="sm"
      title={t('title', { count })}
      description={t('description')}
      footer={
        <>
          <Button variant="ghost" className="mr-auto" busy={isPending} onClick={() => send([])}>
            {t('free')}
          </Button>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button
            variant="primary"
            busy={isPending}
            disabled={chosen.length === 0}
            onClick={() => send(chosen)}
          >
            {t('confirm')}
          </Button>
        </>
      }
    >
      {people.isPending && <Skeleton className="h-24" />}
      {people.isError && <ErrorState error={people.error} onRetry={() => people.refetch()} />}
      <ul className="flex max-h-72 flex-col gap-1 overflow-y-auto">
        {annotators.map(({ id, name }) => (
          <li key={id}>
            <Checkbox
              label={id === viewer.id ? t('you', { name }) : name}
              checked={chosen.includes(id)}
              onCheckedChange={(on) => toggle(id, on)}
            />
          </li>
        ))}
      </ul>
      {chosen.length > 1 && (
        <p role="status" className="mt-3 text-muted">
          {t('parts', { people: chosen.length, count: Math.floor(count / chosen.length) })}
        </p>
      )}
    </Dialog>
  )
}
