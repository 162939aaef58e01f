import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { SignInScreen } from '../../components/auth/sign-in-screen.tsx'
import { caller } from '../../server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth.signIn'))('pageTitle') }
}

export default async function SignInPage() {
  const { needsOwner, viewer } = await (await caller()).auth.state()
  if (needsOwner) redirect('/welcome')
  if (viewer) redirect('/')
  return <SignInScreen goTo="/" />
}
