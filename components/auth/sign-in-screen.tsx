'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { AuthScreen } from './auth-screen.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** @param goTo where to go afterwards; without it the page that was asked for is shown in place. */
export function SignInScreen({ goTo }: { goTo?: string }) {
  const t = useTranslations('auth.signIn')
  const router = useRouter()
  return (
    <AuthScreen title={t('title')} footnote={t('forgotten')}>
      <SignInForm
        onSignedIn={() => {
          if (goTo) router.replace(goTo)
          router.refresh()
        }}
      />
    </AuthScreen>
  )
}
