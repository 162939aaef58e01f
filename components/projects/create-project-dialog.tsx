'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { CreateProject } from '../../server/contracts/project.ts'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'

export interface CreateProjectDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
}

export function CreateProjectDialog({ open, onOpenChange }: CreateProjectDialogProps) {
  const t = useTranslations('projects.create')
  const common = useTranslations('common')
  const formId = useId()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const router = useRouter()
  const form = useForm({ resolver: zodResolver(CreateProject), defaultValues: { name: '' } })
  const create = useMutation(
    trpc.projects.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries(trpc.projects.list.queryFilter())
        router.push(`/projects/${id}`)
      },
    }),
  )

  const close = (next: boolean) => {
    form.reset()
    onOpenChange(next)
  }

  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={t('title')}
      size="sm"
      footer={
        <>
          <Button onClick={() => close(false)}>{common('cancel')}</Button>
          <Button type="submit" form={formId} variant="primary" busy={create.isPending || create.isSuccess}>
            {t('submit')}
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={form.handleSubmit((values) => create.mutate(values))}>
        <Field label={t('name')} error={form.formState.errors.name && t('invalidName')}>
          <Input autoFocus placeholder={t('namePlaceholder')} {...form.register('name')} />
        </Field>
      </form>
    </Dialog>
  )
}
