import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { WelcomeScreen } from '../../components/auth/welcome-screen.tsx'
import { caller } from '../../server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth.welcome'))('pageTitle') }
}

export default async function WelcomePage() {
  const { needsOwner, needsCode } = await (await caller()).auth.state()
  if (!needsOwner) redirect('/')
  return <WelcomeScreen needsCode={needsCode} />
}
