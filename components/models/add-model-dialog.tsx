'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useTRPC } from '../trpc/client.tsx'
import { parseStudioError } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { toast } from '../ui/toast.tsx'

/** Names a folder of the server; what is missing in it is said at the field. */
export function AddModelDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('models.dialog')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [path, setPath] = useState('')
  const [name, setName] = useState('')
  const add = useMutation(
    trpc.models.add.mutationOptions({
      meta: { quiet: true },
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.models.pathFilter())
        toast.success(t('added'))
        onClose()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ path, name })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('title')}
      description={t('description')}
      footer={
        <Button variant="primary" type="submit" form="add-model" busy={add.isPending} disabled={!path.trim()}>
          {t('submit')}
        </Button>
      }
    >
      <form id="add-model" onSubmit={submit} className="space-y-4">
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
          />
        </Field>
        <Field label={t('name')} hint={t('nameHint')}>
          <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  )
}
