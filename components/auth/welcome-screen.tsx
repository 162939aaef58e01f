'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { FormProvider, useForm } from 'react-hook-form'
import { CreateOwner } from '../../server/contracts/member.ts'
import { useTRPC } from '../trpc/client.tsx'
import { parseStudioError, useErrorWords } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { AccountFields } from './account-fields.tsx'
import { AuthScreen } from './auth-screen.tsx'
import { FormError } from './form-error.tsx'
import { signIn } from './session-client.ts'

/** @param needsCode the server listens beyond this machine, so the visitor must prove to see its terminal */
export function WelcomeScreen({ needsCode }: { needsCode: boolean }) {
  const t = useTranslations('auth')
  const trpc = useTRPC()
  const router = useRouter()
  const words = useErrorWords()
  const create = useMutation(trpc.auth.createOwner.mutationOptions({ meta: { quiet: true } }))
  const form = useForm({
    resolver: zodResolver(CreateOwner),
    defaultValues: { name: '', email: '', password: '', code: '' },
  })
  const { errors, isSubmitting } = form.formState

  const submit = form.handleSubmit(async (values) => {
    try {
      await create.mutateAsync(values)
      await signIn(values.email, values.password)
    } catch (error) {
      if (needsCode && parseStudioError(error).code === 'FORBIDDEN') {
        form.setError('code', { type: 'wrong' }, { shouldFocus: true })
      } else {
        const { title, description } = words(error)
        form.setError('root', { message: `${title}. ${description}` })
      }
      return
    }
    router.replace('/')
    router.refresh()
  })

  return (
    <AuthScreen title={t('welcome.title')} description={t('welcome.description')}>
      <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
        <FormError message={errors.root?.message} />
        <FormProvider {...form}>
          <AccountFields />
        </FormProvider>
        {needsCode && (
          <Field label={t('fields.code')} hint={t('hints.code')} error={errors.code && t('invalid.code')}>
            <Input size="lg" autoComplete="one-time-code" className="font-mono" {...form.register('code')} />
          </Field>
        )}
        <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
          {t('welcome.submit')}
        </Button>
      </form>
    </AuthScreen>
  )
}
