'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { parseStudioError, useErrorWords } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { FormError } from './form-error.tsx'
import { signIn } from './session-client.ts'

const SignIn = z.object({ email: z.email(), password: z.string().min(1) })

export interface SignInFormProps {
  onSignedIn: () => void
  /** When it is known who is here (the session ended). */
  email?: string
}

export function SignInForm({ onSignedIn, email = '' }: SignInFormProps) {
  const t = useTranslations('auth')
  const words = useErrorWords()
  const form = useForm({ resolver: zodResolver(SignIn), defaultValues: { email, password: '' } })
  const { errors, isSubmitting } = form.formState

  const submit = form.handleSubmit(async (values) => {
    try {
      await signIn(values.email, values.password)
    } catch (error) {
      const isWrong = parseStudioError(error).code === 'UNAUTHENTICATED'
      form.setError('root', { message: isWrong ? t('signIn.wrong') : sentence(words(error)) })
      form.setFocus('password', { shouldSelect: true })
      return
    }
    onSignedIn()
  })

  return (
    <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
      <FormError message={errors.root?.message} />
      <Field label={t('fields.email')} error={errors.email && t('invalid.email')}>
        <Input
          size="lg"
          type="email"
          autoComplete="username"
          autoFocus={!email}
          {...form.register('email')}
        />
      </Field>
      <Field label={t('fields.password')} error={errors.password && t('invalid.password')}>
        <Input
          size="lg"
          type="password"
          autoComplete="current-password"
          autoFocus={Boolean(email)}
          {...form.register('password')}
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
        {t('signIn.submit')}
      </Button>
    </form>
  )
}

function sentence({ title, description }: { title: string; description: string }): string {
  return `${title}. ${description}`
}
