'use client'

import { useTranslations } from 'next-intl'
import { useFormContext } from 'react-hook-form'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'

interface Account {
  name: string
  email: string
  password: string
}

/** Name, e-mail and password of a new person: the same on the first visit and on an invitation. Stands inside a FormProvider. */
export function AccountFields() {
  const t = useTranslations('auth')
  const { register, formState } = useFormContext<Account>()
  const { errors } = formState
  return (
    <>
      <Field label={t('fields.name')} error={errors.name && t('invalid.name')}>
        <Input size="lg" autoComplete="name" autoFocus {...register('name')} />
      </Field>
      <Field
        label={t('fields.email')}
        error={errors.email && (errors.email.type === 'taken' ? t('invalid.emailTaken') : t('invalid.email'))}
      >
        <Input size="lg" type="email" autoComplete="username" {...register('email')} />
      </Field>
      <Field
        label={t('fields.newPassword')}
        hint={t('hints.newPassword')}
        error={errors.password && t('invalid.password')}
      >
        <Input size="lg" type="password" autoComplete="new-password" {...register('password')} />
      </Field>
    </>
  )
}
