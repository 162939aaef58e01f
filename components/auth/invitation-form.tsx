'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { FormProvider, useForm } from 'react-hook-form'
import { AcceptInvitation } from '../../server/contracts/member.ts'
import { useTRPC } from '../trpc/client.tsx'
import { parseStudioError, useErrorWords } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { AccountFields } from './account-fields.tsx'
import { FormError } from './form-error.tsx'
import { signIn } from './session-client.ts'

export interface InvitationFormProps {
  token: string
  onJoined: (projectId: string) => void
}

export function InvitationForm({ token, onJoined }: InvitationFormProps) {
  const t = useTranslations('auth')
  const trpc = useTRPC()
  const words = useErrorWords()
  const accept = useMutation(trpc.members.accept.mutationOptions({ meta: { quiet: true } }))
  const form = useForm({
    resolver: zodResolver(AcceptInvitation),
    defaultValues: { token, name: '', email: '', password: '' },
  })

  const submit = form.handleSubmit(async (values) => {
    try {
      const { projectId } = await accept.mutateAsync(values)
      await signIn(values.email, values.password)
      onJoined(projectId)
    } catch (error) {
      if (parseStudioError(error).code === 'CONFLICT') {
        form.setError('email', { type: 'taken' }, { shouldFocus: true })
        return
      }
      const { title, description } = words(error)
      form.setError('root', { message: `${title}. ${description}` })
    }
  })

  return (
    <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
      <FormError message={form.formState.errors.root?.message} />
      <FormProvider {...form}>
        <AccountFields />
      </FormProvider>
      <Button type="submit" variant="primary" size="lg" busy={form.formState.isSubmitting}>
        {t('invitation.submit')}
      </Button>
    </form>
  )
}
