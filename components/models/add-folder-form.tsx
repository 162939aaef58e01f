'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useTRPC } from '../trpc/client.tsx'
import { parseStudioError } from '../trpc/studio-error.ts'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { toast } from '../ui/toast.tsx'
import type { ModelFormProps } from './model-form-props.ts'

/** Names a folder of the server; what is missing in it is said at the field. */
export function AddFolderForm({ id, onDone, onBusy }: ModelFormProps) {
  const t = useTranslations('models.dialog')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [path, setPath] = useState('')
  const [name, setName] = useState('')
  const add = useMutation(
    trpc.models.add.mutationOptions({
      meta: { quiet: true },
      onSettled: () => onBusy(false),
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.models.pathFilter())
        toast.success(t('added'))
        onDone()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onBusy(true)
    add.mutate({ path, name })
  }
  return (
    <form id={id} onSubmit={submit} className="space-y-4">
      <Field
        label={t('path')}
        hint={t('pathHint')}
        error={add.error ? parseStudioError(add.error).message : undefined}
      >
        <Input
          value={path}
          onChange={(event) => setPath(event.target.value)}
          className="font-mono"
          spellCheck={false}
          required
        />
      </Field>
      <Field label={t('name')} hint={t('nameHint')}>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
    </form>
  )
}
