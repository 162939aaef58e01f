'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { Controller, useForm } from 'react-hook-form'
import { z } from 'zod'
import { ProjectName, PromptLanguage } from '../../server/contracts/project.ts'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { toast } from '../ui/toast.tsx'

const General = z.object({ name: ProjectName, promptLanguage: PromptLanguage })

export function GeneralSettings({ project }: { project: RouterOutputs['projects']['byId'] }) {
  const t = useTranslations('settings.general')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const rename = useMutation(trpc.projects.rename.mutationOptions())
  const saveSettings = useMutation(trpc.projects.saveSettings.mutationOptions())
  const values = { name: project.name, promptLanguage: project.settings.promptLanguage }
  const form = useForm({ resolver: zodResolver(General), values })
  const { errors, isDirty, isSubmitting } = form.formState

  const submit = form.handleSubmit(async ({ name, promptLanguage }) => {
    try {
      if (name !== project.name) await rename.mutateAsync({ id: project.id, name })
      if (promptLanguage !== project.settings.promptLanguage) {
        await saveSettings.mutateAsync({
          projectId: project.id,
          settings: { ...project.settings, promptLanguage },
        })
      }
    } catch {
      // The mutation has raised its toast; what was typed stays.
      return
    }
    await queryClient.invalidateQueries(trpc.projects.pathFilter())
    toast.success(t('saved'))
  })

  return (
    <Card>
      <CardHeader title={t('title')} />
      <CardBody>
        <form onSubmit={submit} noValidate className="flex flex-col items-start gap-4">
          <Field label={t('name')} error={errors.name && t('invalidName')} className="w-full max-w-sm">
            <Input {...form.register('name')} />
          </Field>
          <Field label={t('promptLanguage')} hint={t('promptLanguageHint')} className="w-full max-w-sm">
            <Controller
              control={form.control}
              name="promptLanguage"
              render={({ field }) => (
                <Select
                  value={field.value}
                  onValueChange={field.onChange}
                  options={PromptLanguage.options.map((value) => ({ value, label: t(`languages.${value}`) }))}
                />
              )}
            />
          </Field>
          <Button type="submit" variant="primary" busy={isSubmitting} disabled={!isDirty}>
            {t('save')}
          </Button>
        </form>
      </CardBody>
    </Card>
  )
}
