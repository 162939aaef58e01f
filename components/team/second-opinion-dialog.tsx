'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { SomeImages } from '../../server/contracts/image.ts'
import { MAX_SECOND_OPINION } from '../../server/contracts/team.ts'
import { useProject, useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { toast } from '../ui/toast.tsx'
import { usePeople } from './use-people.ts'

/** Enough for an agreement that is known to about five percent. */
const USUAL = 50
const NAME_LIMIT = 80

export interface SecondOpinionDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  images: SomeImages
  total: number
}

/** Asks somebody to annotate some of the images again, without seeing what is there. */
export function SecondOpinionDialog({ open, onOpenChange, images, total }: SecondOpinionDialogProps) {
  const t = useTranslations('team.secondOpinion')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const project = useProject().data?.name ?? ''
  const people = usePeople().data?.filter(({ annotates }) => annotates) ?? []
  const most = Math.min(total, MAX_SECOND_OPINION)
  const [count, setCount] = useState(String(Math.min(most, USUAL)))
  const [userId, setUserId] = useState<string>()
  const person = people.find(({ id }) => id === userId)
  const number = Number(count)
  const isCount = Number.isInteger(number) && number >= 1 && number <= most
  const { mutate, isPending } = useMutation(
    trpc.team.askSecondOpinion.mutationOptions({
      onSuccess: async (made) => {
        await Promise.all([
          queries.invalidateQueries(trpc.projects.pathFilter()),
          queries.invalidateQueries(trpc.team.pathFilter()),
        ])
        toast.success(t('done', { count: made.images, name: person?.name ?? '' }))
        onOpenChange(false)
      },
    }),
  )
  const send = () => {
    if (!person || !isCount) return
    const name = t('projectName', { project, name: person.name }).slice(0, NAME_LIMIT)
    mutate({ projectId, name, images, count: number, userId: person.id })
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      description={t('description')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button variant="primary" busy={isPending} disabled={!person || !isCount} onClick={send}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('person')} hint={t('blind')}>
          <Select
            value={userId}
            onValueChange={setUserId}
            placeholder={t('choose')}
            options={people.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Field>
        <Field
          label={t('count')}
          error={isCount ? undefined : t('countProblem', { most })}
          hint={t('countHint')}
        >
          <Input
            inputMode="numeric"
            value={count}
            onChange={(event) => setCount(event.target.value.trim())}
          />
        </Field>
      </div>
    </Dialog>
  )
}
